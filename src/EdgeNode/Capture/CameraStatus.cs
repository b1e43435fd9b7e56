namespace FaceLandmark.Capture;

/// <summary>A camera's state at one moment, as it is published.</summary>
/// <param name="Camera">Name of the camera.</param>
/// <param name="Condition">Where it stands.</param>
/// <param name="Cause">Why, in a sentence; null while all is well.</param>
/// <param name="Since">When this state began (UTC).</param>
/// <param name="Source">What was opened; null before the first opening.</param>
internal sealed record CameraStatus(string Camera, CameraCondition Condition, string? Cause, DateTimeOffset Since, SourceInfo? Source);
