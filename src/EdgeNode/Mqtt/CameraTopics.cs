namespace FaceLandmark.Mqtt;

/// <summary>The topics of one camera.</summary>
/// <param name="State">Where the camera stands; retained.</param>
/// <param name="Landmarks">One message a frame.</param>
/// <param name="Preview">JPEGs.</param>
/// <param name="Summary">What it sees, in short; retained.</param>
/// <param name="Events">What happens to faces.</param>
internal sealed record CameraTopics(string State, string Landmarks, string Preview, string Summary, string Events);
