using System.Runtime.Intrinsics;

namespace FaceLandmark.Capture.V4l2;

/// <summary>
/// Raw pictures of cameras as YUY2 frames. Of NV12 and YU12 each row of colours serves two rows of pixels, which is what converting them
/// would do: the colours come out the same to the bit. GREY, which uses all 256 levels, gets those that YUY2 has, and no colour.
/// </summary>
internal static unsafe class RawPicture
{
    private const byte NoColour = 128;

    /// <summary>Copies a picture out of a driver's buffer, without the padding of its rows.</summary>
    /// <param name="bytes">The buffer, at least <see cref="V4l2Format.LeastBytes"/>.</param>
    /// <param name="format">YUYV, UYVY, NV12, YU12 or GREY.</param>
    /// <param name="pool">Where the frame comes from.</param>
    /// <returns>A frame that the caller owns.</returns>
    public static Frame Copy(ReadOnlySpan<byte> bytes, in V4l2Format format, FramePool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, format.LeastBytes);
        var frame = pool.Rent(format.Width, format.Height, PixelLayout.Yuy2);
        var target = (byte*)frame.Address;
        fixed (byte* source = bytes)
        {
            if (format.PixelFormat == Videodev2.FormatYuyv && format.Stride == frame.Stride)
                Buffer.MemoryCopy(source, target, frame.Data.Length, frame.Data.Length);
            else
                for (var y = 0; y < format.Height; y++)
                    CopyRow(source, y, format, target + ((long)y * frame.Stride));
        }

        return frame;
    }

    private static void CopyRow(byte* source, int y, in V4l2Format format, byte* target)
    {
        var row = source + ((long)y * format.Stride);
        var colours = source + ((long)format.Height * format.Stride);
        switch (format.PixelFormat)
        {
            case Videodev2.FormatNv12:
                Yuy2Rows.Weave(row, colours + ((long)(y / 2) * format.Stride), target, format.Width);
                break;
            case Videodev2.FormatYu12:
                var blue = colours + ((long)(y / 2) * format.ColourStride);
                Yuy2Rows.Weave(row, blue, blue + ((long)format.ColourRows * format.ColourStride), target, format.Width);
                break;
            case Videodev2.FormatUyvy:
                Swap(row, target, format.Width);
                break;
            case Videodev2.FormatGrey:
                Spread(row, target, format.Width);
                break;
            default:
                Buffer.MemoryCopy(row, target, 2 * format.Width, 2 * format.Width);
                break;
        }
    }

    // U0 Y0 V0 Y1 ... become Y0 U0 Y1 V0 ...
    private static void Swap(byte* source, byte* target, int pixels)
    {
        var pixel = 0;
        for (; pixel <= pixels - Vector128<ushort>.Count; pixel += Vector128<ushort>.Count)
        {
            var pairs = Vector128.Load(source + (2 * pixel)).AsUInt16();
            ((pairs << 8) | (pairs >>> 8)).AsByte().Store(target + (2 * pixel));
        }

        for (; pixel < pixels; pixel++)
            (target[2 * pixel], target[(2 * pixel) + 1]) = (source[(2 * pixel) + 1], source[2 * pixel]);
    }

    // 0 to 255 become 16 to 235.
    private static void Spread(byte* grey, byte* target, int pixels)
    {
        var colour = Vector128.Create((ushort)(NoColour << 8));
        var pixel = 0;
        for (; pixel <= pixels - Vector128<byte>.Count; pixel += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(grey + pixel));
            (Level(low) | colour).AsByte().Store(target + (2 * pixel));
            (Level(high) | colour).AsByte().Store(target + (2 * pixel) + Vector128<byte>.Count);
        }

        for (; pixel < pixels; pixel++)
            (target[2 * pixel], target[(2 * pixel) + 1]) = ((byte)(16 + (((grey[pixel] * 220) + 128) >> 8)), NoColour);
    }

    private static Vector128<ushort> Level(Vector128<ushort> grey) =>
        (((grey * (ushort)220) + Vector128.Create((ushort)128)) >>> 8) + Vector128.Create((ushort)16);
}
