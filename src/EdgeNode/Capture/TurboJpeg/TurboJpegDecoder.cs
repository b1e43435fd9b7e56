namespace FaceLandmark.Capture.TurboJpeg;

/// <summary>JPEGs to BGR by TurboJPEG, straight into the frame.</summary>
internal static unsafe class TurboJpegDecoder
{
    private const int BlockSide = 8;

    /// <summary>
    /// A JPEG as a frame that the caller owns, not turned; null when TurboJPEG does not decode it, as one in CMYK or one that breaks off.
    /// </summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="pool">Where the frame comes from.</param>
    /// <param name="reduceBy">1, 2, 4 or 8: the frame has that part of the picture's size.</param>
    public static Frame? Decode(byte* jpeg, int length, FramePool pool, int reduceBy)
    {
        // A new one for each picture, which costs microseconds: one that is kept fills in what a picture lacks from the one before.
        using var decoder = LibTurboJpeg.OpenDecoder();
        if (decoder.IsInvalid)
            return null;
        var status = LibTurboJpeg.ReadHeader(decoder, jpeg, (nuint)length, out var width, out var height, out _, out _);
        if (!IsRead(decoder, status) || width < 1 || height < 1)
            return null;
        // It takes the first of its scales that fits the size, which for less than a block may be another one.
        if (reduceBy > 1 && Math.Max(width, height) < BlockSide)
            return null;
        var frame = pool.Rent((width + reduceBy - 1) / reduceBy, (height + reduceBy - 1) / reduceBy, PixelLayout.Bgr);
        status = LibTurboJpeg.Decode(
            decoder,
            jpeg,
            (nuint)length,
            (byte*)frame.Address,
            frame.Width,
            frame.Stride,
            frame.Height,
            LibTurboJpeg.Bgr,
            flags: 0
        );
        if (IsRead(decoder, status))
            return frame;
        frame.Dispose();
        return null;
    }

    // Some cameras send a few bytes too many, which libjpeg passes over with a warning. What else it warns of, Skia has to judge.
    private static bool IsRead(TurboJpegHandle decoder, int status) =>
        status == 0
        || (
            LibTurboJpeg.ErrorCode(decoder) == LibTurboJpeg.Warning
            && LibTurboJpeg.ErrorOf(decoder).Contains("extraneous bytes before marker", StringComparison.Ordinal)
        );
}
