using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceLandmark.Capture;

namespace FaceLandmark.Pixels;

/// <summary>
/// Rows of a frame as three rows of bytes: red, green, blue. YUY2 by the integers of OpenCV's cvtColor (BT.601, limited range, 20 bits), so
/// that each value is the one OpenCV gives.
/// </summary>
internal static unsafe class FrameRows
{
    private const int Shift = 20;
    private const int LumaScale = 1220542; // 1.164 * 2^20
    private const int RedFromV = 1673527; // 1.596
    private const int GreenFromV = -852492; // -0.813
    private const int GreenFromU = -409993; // -0.391
    private const int BlueFromU = 2116026; // 2.018

    // Rounding, and what takes 16 off luma and 128 off the colours.
    private const int RedOffset = (1 << (Shift - 1)) - (16 * LumaScale) - (128 * RedFromV);
    private const int GreenOffset = (1 << (Shift - 1)) - (16 * LumaScale) - (128 * (GreenFromU + GreenFromV));
    private const int BlueOffset = (1 << (Shift - 1)) - (16 * LumaScale) - (128 * BlueFromU);

    /// <summary>The column a read has to begin at to hold another: two pixels of YUY2 share their colour.</summary>
    public static int FirstColumn(Frame frame, int column) => frame.Layout == PixelLayout.Yuy2 ? column & ~1 : column;

    /// <summary>Reads part of a row.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="y">The row.</param>
    /// <param name="left">First column; one that <see cref="FirstColumn"/> gives.</param>
    /// <param name="right">The column after the last.</param>
    /// <param name="red">Room for <c>right - left + 1</c> bytes; so the others.</param>
    /// <param name="green">Green.</param>
    /// <param name="blue">Blue.</param>
    public static void Read(Frame frame, int y, int left, int right, byte* red, byte* green, byte* blue)
    {
        var row = (byte*)frame.Address + ((long)y * frame.Stride);
        if (frame.Layout == PixelLayout.Bgr)
        {
            ReadBgr(row + (3 * left), right - left, red, green, blue);
            return;
        }

        var pixels = right - left;
        var paired = (pixels & 1) == 0 || right < frame.Width ? (pixels + 1) & ~1 : pixels - 1;
        ReadYuy2(row + (2 * left), paired, red, green, blue);
        if (paired >= pixels)
            return;

        // The last pixel of an odd width has no V of its own: it takes its neighbour's.
        var last = 2 * (right - 1);
        var v = last > 0 ? row[last - 1] : 128;
        Convert(row[last], row[last + 1], v, red + paired, green + paired, blue + paired);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    private static void ReadYuy2(byte* from, int pixels, byte* red, byte* green, byte* blue)
    {
        // The last turn of vectors goes over some pixels again, so that there is no remainder.
        if (Vector256.IsHardwareAccelerated && pixels >= 32)
        {
            for (var x = 0; ; x = Math.Min(x + 32, pixels - 32))
            {
                var first = Vector256.Load(from + (2 * x)).AsInt32();
                var second = Vector256.Load(from + (2 * x) + 32).AsInt32();
                Lanes.ToBytes(Red(first), Red(second)).Store(red + x);
                Lanes.ToBytes(Green(first), Green(second)).Store(green + x);
                Lanes.ToBytes(Blue(first), Blue(second)).Store(blue + x);
                if (x == pixels - 32)
                    return;
            }
        }

        if (pixels >= 16)
        {
            for (var x = 0; ; x = Math.Min(x + 16, pixels - 16))
            {
                var first = Vector128.Load(from + (2 * x)).AsInt32();
                var second = Vector128.Load(from + (2 * x) + 16).AsInt32();
                Lanes.ToBytes(Red(first), Red(second)).Store(red + x);
                Lanes.ToBytes(Green(first), Green(second)).Store(green + x);
                Lanes.ToBytes(Blue(first), Blue(second)).Store(blue + x);
                if (x == pixels - 16)
                    return;
            }
        }

        for (var x = 0; x < pixels; x += 2)
        {
            var pair = from + (2 * x);
            Convert(pair[0], pair[1], pair[3], red + x, green + x, blue + x);
            Convert(pair[2], pair[1], pair[3], red + x + 1, green + x + 1, blue + x + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Red(Vector128<int> pairs) =>
        Both(pairs, (V(pairs) * Vector128.Create(RedFromV)) + Vector128.Create(RedOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Green(Vector128<int> pairs) =>
        Both(
            pairs,
            (V(pairs) * Vector128.Create(GreenFromV)) + (U(pairs) * Vector128.Create(GreenFromU)) + Vector128.Create(GreenOffset)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Blue(Vector128<int> pairs) =>
        Both(pairs, (U(pairs) * Vector128.Create(BlueFromU)) + Vector128.Create(BlueOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> U(Vector128<int> pairs) => (pairs >>> 8) & Vector128.Create(255);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> V(Vector128<int> pairs) => pairs >>> 24;

    /// <summary>A colour of both pixels of each pair: the first in the lower 16 bits of the pair, the second in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Both(Vector128<int> pairs, Vector128<int> colour)
    {
        var first = Vector128.Max(pairs & Vector128.Create(255), Vector128.Create(16)) * Vector128.Create(LumaScale);
        var second = Vector128.Max((pairs >>> 16) & Vector128.Create(255), Vector128.Create(16)) * Vector128.Create(LumaScale);
        return Vector128.ConditionalSelect(
                Vector128.Create(0xFFFF),
                (first + colour) >> Shift,
                (second + colour) >> (Shift - 16)
            )
            .AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Red(Vector256<int> pairs) =>
        Both(pairs, (V(pairs) * Vector256.Create(RedFromV)) + Vector256.Create(RedOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Green(Vector256<int> pairs) =>
        Both(
            pairs,
            (V(pairs) * Vector256.Create(GreenFromV)) + (U(pairs) * Vector256.Create(GreenFromU)) + Vector256.Create(GreenOffset)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Blue(Vector256<int> pairs) =>
        Both(pairs, (U(pairs) * Vector256.Create(BlueFromU)) + Vector256.Create(BlueOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> U(Vector256<int> pairs) => (pairs >>> 8) & Vector256.Create(255);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> V(Vector256<int> pairs) => pairs >>> 24;

    /// <summary>A colour of both pixels of each pair: the first in the lower 16 bits of the pair, the second in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Both(Vector256<int> pairs, Vector256<int> colour)
    {
        var first = Vector256.Max(pairs & Vector256.Create(255), Vector256.Create(16)) * Vector256.Create(LumaScale);
        var second = Vector256.Max((pairs >>> 16) & Vector256.Create(255), Vector256.Create(16)) * Vector256.Create(LumaScale);
        return Vector256.ConditionalSelect(
                Vector256.Create(0xFFFF),
                (first + colour) >> Shift,
                (second + colour) >> (Shift - 16)
            )
            .AsInt16();
    }

    private static void Convert(int y, int u, int v, byte* red, byte* green, byte* blue)
    {
        var luma = Math.Max(y, 16) * LumaScale;
        *red = (byte)Math.Clamp((luma + (v * RedFromV) + RedOffset) >> Shift, 0, 255);
        *green = (byte)Math.Clamp((luma + (v * GreenFromV) + (u * GreenFromU) + GreenOffset) >> Shift, 0, 255);
        *blue = (byte)Math.Clamp((luma + (u * BlueFromU) + BlueOffset) >> Shift, 0, 255);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadBgr(byte* from, int pixels, byte* red, byte* green, byte* blue)
    {
        if (pixels >= 16)
        {
            for (var x = 0; ; x = Math.Min(x + 16, pixels - 16))
            {
                ReadBgr(from + (3 * x), red + x, green + x, blue + x);
                if (x == pixels - 16)
                    return;
            }
        }

        for (var x = 0; x < pixels; x++)
            (blue[x], green[x], red[x]) = (from[3 * x], from[(3 * x) + 1], from[(3 * x) + 2]);
    }

    /// <summary>Sixteen pixels: every third byte of 48, in order; 255 picks a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadBgr(byte* from, byte* red, byte* green, byte* blue)
    {
        var (first, second, third) = (Vector128.Load(from), Vector128.Load(from + 16), Vector128.Load(from + 32));
        (
            Vector128.Shuffle(first, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13))
        ).Store(blue);
        (
            Vector128.Shuffle(first, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14))
        ).Store(green);
        (
            Vector128.Shuffle(first, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15))
        ).Store(red);
    }
}
