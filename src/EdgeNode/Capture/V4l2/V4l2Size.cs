namespace FaceLandmark.Capture.V4l2;

/// <summary>A size that a camera offers.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="MostFps">Its highest rate, frames a second; 0 where it tells none.</param>
internal readonly record struct V4l2Size(int Width, int Height, double MostFps);
