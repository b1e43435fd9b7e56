namespace FaceLandmark.Pipeline;

/// <summary>What the blocks need to know, from the sections <c>Locate</c> and <c>Dispatch</c>.</summary>
/// <param name="InFlight">Frames of one camera under way at once.</param>
/// <param name="MaxFaces">Faces of one frame.</param>
public sealed record PipelineOptions(int InFlight, int MaxFaces);
