using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceLandmark.Pixels;

/// <summary>
/// The vertical half of a bilinear resize, with the integers of OpenCV's INTER_LINEAR for bytes: weights of 11 bits, results rounded as
/// there.
/// </summary>
internal static unsafe class ResizeRows
{
    /// <summary>The weight of a whole pixel.</summary>
    public const int One = 1 << 11;

    /// <summary>
    /// Where a target pixel lies in the source: the pixel before it and the way to the next one; in single precision, as OpenCV
    /// computes it.
    /// </summary>
    /// <param name="target">The target's pixel.</param>
    /// <param name="scale">Source pixels a target pixel.</param>
    public static (int Index, float Fraction) Place(int target, double scale)
    {
        var place = (float)(((target + 0.5) * scale) - 0.5);
        var index = (int)MathF.Floor(place);
        return (index, place - index);
    }

    /// <summary>A fraction as a weight: 0 to <see cref="One"/>.</summary>
    public static short Weight(float fraction) => (short)MathF.Round(fraction * One);

    /// <summary>Mixes two rows of 128 times the value to bytes.</summary>
    /// <param name="upper">Of <paramref name="count"/> values.</param>
    /// <param name="lower">Of as many.</param>
    /// <param name="fraction">The way from the upper to the lower: 0 to 1.</param>
    /// <param name="target">Room for as many bytes.</param>
    /// <param name="count">A multiple of 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    public static void Mix(short* upper, short* lower, float fraction, byte* target, int count)
    {
        var (upperWeight, lowerWeight) = (Weight(1 - fraction), Weight(fraction));
        if (Vector256.IsHardwareAccelerated)
        {
            var (first, second) = (Vector256.Create(upperWeight), Vector256.Create(lowerWeight));
            for (var x = 0; x < count; x += 32)
            {
                var low = Mix(Vector256.Load(upper + x), first, Vector256.Load(lower + x), second);
                var high = Mix(Vector256.Load(upper + x + 16), first, Vector256.Load(lower + x + 16), second);
                Lanes.ToBytes(low, high).Store(target + x);
            }

            return;
        }

        {
            var (first, second) = (Vector128.Create(upperWeight), Vector128.Create(lowerWeight));
            for (var x = 0; x < count; x += 16)
            {
                var low = Mix(Vector128.Load(upper + x), first, Vector128.Load(lower + x), second);
                var high = Mix(Vector128.Load(upper + x + 8), first, Vector128.Load(lower + x + 8), second);
                Lanes.ToBytes(low, high).Store(target + x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Mix(Vector128<short> a, Vector128<short> weightA, Vector128<short> b, Vector128<short> weightB) =>
        (Lanes.MultiplyHigh(a, weightA) + Lanes.MultiplyHigh(b, weightB) + Vector128.Create((short)2)) >> 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Mix(Vector256<short> a, Vector256<short> weightA, Vector256<short> b, Vector256<short> weightB) =>
        (Lanes.MultiplyHigh(a, weightA) + Lanes.MultiplyHigh(b, weightB) + Vector256.Create((short)2)) >> 2;
}
