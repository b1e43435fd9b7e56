namespace FaceLandmark.Capture.V4l2;

/// <summary>What a camera granted.</summary>
/// <param name="PixelFormat">Its four characters as a number.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Stride">Bytes from one row to the next, padding included, of brightness where colours lie apart; 0 for compressed pictures.
/// </param>
/// <param name="Fps">Frames a second; 0 where it tells none.</param>
internal readonly record struct V4l2Format(uint PixelFormat, int Width, int Height, int Stride, double Fps)
{
    /// <summary>Whether pictures are JPEGs.</summary>
    public bool IsJpeg => PixelFormat is Videodev2.FormatMjpg or Videodev2.FormatJpeg;

    /// <summary>Bytes from one row of a colour to the next in YU12, whose two colours lie apart and are half as wide.</summary>
    public int ColourStride => (Stride + 1) / 2;

    /// <summary>Rows of colours, where each serves two rows of pixels.</summary>
    public int ColourRows => (Height + 1) / 2;

    /// <summary>The bytes that a whole raw picture has at least: all rows, the last one without padding.</summary>
    public long LeastBytes =>
        PixelFormat switch
        {
            Videodev2.FormatYuyv or Videodev2.FormatUyvy => ((long)Stride * (Height - 1)) + (2 * Width),
            Videodev2.FormatNv12 => ((long)Stride * (Height + ColourRows - 1)) + Width,
            Videodev2.FormatYu12 => ((long)Stride * Height) + ((long)ColourStride * ((2 * ColourRows) - 1)) + ((Width + 1) / 2),
            Videodev2.FormatGrey => ((long)Stride * (Height - 1)) + Width,
            _ => 1,
        };
}
