namespace FaceLandmark.Fleet;

/// <summary>A camera of a node, as the node last said.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands: <c>streaming</c>, <c>stalled</c>, <c>failed</c> and so on; null before the node said so.</param>
/// <param name="Cause">Why, when not all is well.</param>
/// <param name="Faces">Faces it sees; null before the node said so.</param>
/// <param name="Fps">Frames a second with a result, as its last summary says.</param>
internal sealed record FleetCamera(string Name, string? State, string? Cause, int? Faces, double? Fps);
