namespace FaceLandmark.Capture;

/// <summary>A camera that is attached to this machine.</summary>
/// <param name="Path">Its steady name below <c>/dev/v4l/by-id</c>, else its device.</param>
/// <param name="Card">What its driver calls it.</param>
/// <param name="Offers">Its formats, for people: <c>YUYV 640x480 at 30, 1280x720 at 10</c>.</param>
internal sealed record AttachedCamera(string Path, string Card, IReadOnlyList<string> Offers);
