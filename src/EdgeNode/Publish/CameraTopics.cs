namespace FaceLandmark.Publish;

/// <summary>The topics of one camera.</summary>
/// <param name="State">Where the camera stands; retained.</param>
/// <param name="Landmarks">One message a frame.</param>
/// <param name="Preview">JPEGs.</param>
public sealed record CameraTopics(string State, string Landmarks, string Preview);
