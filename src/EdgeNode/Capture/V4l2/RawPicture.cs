namespace FaceLandmark.Capture.V4l2;

/// <summary>
/// Raw pictures of cameras as YUY2 frames. Of NV12 each row of colours serves two rows of pixels, which is what converting NV12 itself
/// would do: the colours come out the same to the bit.
/// </summary>
internal static unsafe class RawPicture
{
    /// <summary>Copies a picture out of a driver's buffer, without the padding of its rows.</summary>
    /// <param name="bytes">The buffer, at least <see cref="V4l2Format.LeastBytes"/>.</param>
    /// <param name="format">YUYV or NV12.</param>
    /// <param name="pool">Where the frame comes from.</param>
    /// <returns>A frame that the caller owns.</returns>
    public static Frame Copy(ReadOnlySpan<byte> bytes, in V4l2Format format, FramePool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, format.LeastBytes);
        var frame = pool.Rent(format.Width, format.Height, PixelLayout.Yuy2);
        var target = (byte*)frame.Address;
        fixed (byte* source = bytes)
        {
            if (format.PixelFormat == Videodev2.FormatNv12)
                Weave(source, format, target);
            else if (format.Stride == frame.Stride)
                Buffer.MemoryCopy(source, target, frame.Data.Length, frame.Data.Length);
            else
                for (var y = 0; y < format.Height; y++)
                    Buffer.MemoryCopy(source + ((long)y * format.Stride), target + ((long)y * frame.Stride), frame.Stride, frame.Stride);
        }

        return frame;
    }

    private static void Weave(byte* source, in V4l2Format format, byte* target)
    {
        var colours = source + ((long)format.Stride * format.Height);
        for (var y = 0; y < format.Height; y++)
            Yuy2Rows.Weave(
                source + ((long)y * format.Stride),
                colours + ((long)(y / 2) * format.Stride),
                target + (2L * y * format.Width),
                format.Width
            );
    }
}
