using System.Runtime.Intrinsics;

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
            Weave(
                source + ((long)y * format.Stride),
                colours + ((long)(y / 2) * format.Stride),
                target + (2L * y * format.Width),
                format.Width
            );
    }

    // Y0 Y1 Y2 ... and U0 V0 U2 ... become Y0 U0 Y1 V0 ...: each brightness is the low byte of 16 bits, its colour the high one.
    private static void Weave(byte* brightness, byte* colour, byte* target, int pixels)
    {
        var pixel = 0;
        for (; pixel <= pixels - Vector128<byte>.Count; pixel += Vector128<byte>.Count)
        {
            var (lowY, highY) = Vector128.Widen(Vector128.Load(brightness + pixel));
            var (lowC, highC) = Vector128.Widen(Vector128.Load(colour + pixel));
            (lowY | (lowC << 8)).AsByte().Store(target + (2 * pixel));
            (highY | (highC << 8)).AsByte().Store(target + (2 * pixel) + 16);
        }

        for (; pixel < pixels; pixel++)
            (target[2 * pixel], target[(2 * pixel) + 1]) = (brightness[pixel], colour[pixel]);
    }
}
