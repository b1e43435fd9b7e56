namespace FaceLandmark.Capture.V4l2;

/// <summary>What a camera granted.</summary>
/// <param name="PixelFormat">Its four characters as a number.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Stride">Bytes from one row to the next, padding included; 0 for compressed pictures.</param>
/// <param name="Fps">Frames a second; 0 where it tells none.</param>
internal readonly record struct V4l2Format(uint PixelFormat, int Width, int Height, int Stride, double Fps)
{
    /// <summary>Whether pictures are JPEGs.</summary>
    public bool IsJpeg => PixelFormat is Videodev2.FormatMjpg or Videodev2.FormatJpeg;

    /// <summary>The bytes that a whole raw picture has at least: all rows, the last one without padding.</summary>
    public long LeastBytes =>
        PixelFormat switch
        {
            Videodev2.FormatYuyv => ((long)Stride * (Height - 1)) + (2 * Width),
            Videodev2.FormatNv12 => ((long)Stride * (Height + ((Height + 1) / 2) - 1)) + Width,
            _ => 1,
        };
}
