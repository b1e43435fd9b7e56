using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FaceLandmark.Pixels;

/// <summary>
/// Operations on 16-bit lanes that processors have and the portable vectors lack. Each gives the same on every processor.
/// </summary>
internal static class Lanes
{
    /// <summary>The upper halves of the products: floor(a * b / 65536). Not both may be -32768.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyHigh(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyHigh(a, b);
        if (AdvSimd.IsSupported)
            return AdvSimd.ShiftRightArithmetic(AdvSimd.MultiplyDoublingSaturateHigh(a, b), 1);
        var low = (Vector128.WidenLower(a) * Vector128.WidenLower(b)) >> 16;
        var high = (Vector128.WidenUpper(a) * Vector128.WidenUpper(b)) >> 16;
        return Vector128.Narrow(low, high);
    }

    /// <inheritdoc cref="MultiplyHigh(Vector128{short}, Vector128{short})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b) =>
        Avx2.IsSupported
            ? Avx2.MultiplyHigh(a, b)
            : Vector256.Create(MultiplyHigh(a.GetLower(), b.GetLower()), MultiplyHigh(a.GetUpper(), b.GetUpper()));

    /// <summary>Each lane as a byte, those beyond 0 to 255 as the nearest of these; <paramref name="low"/> first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Vector128<short> low, Vector128<short> high)
    {
        if (Sse2.IsSupported)
            return Sse2.PackUnsignedSaturate(low, high);
        if (AdvSimd.IsSupported)
            return AdvSimd.ExtractNarrowingSaturateUnsignedUpper(AdvSimd.ExtractNarrowingSaturateUnsignedLower(low), high);
        return Vector128.Narrow(Clamp(low), Clamp(high));

        static Vector128<ushort> Clamp(Vector128<short> lanes) =>
            Vector128.Min(Vector128.Max(lanes, Vector128<short>.Zero), Vector128.Create((short)255)).AsUInt16();
    }

    /// <inheritdoc cref="ToBytes(Vector128{short}, Vector128{short})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ToBytes(Vector256<short> low, Vector256<short> high) =>
        Avx2.IsSupported
            ? Avx2.Permute4x64(Avx2.PackUnsignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsByte()
            : Vector256.Create(ToBytes(low.GetLower(), low.GetUpper()), ToBytes(high.GetLower(), high.GetUpper()));

    /// <summary>The lower four lanes of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> LowerHalves(Vector128<short> first, Vector128<short> second)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(first.AsInt64(), second.AsInt64()).AsInt16();
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.ZipLow(first.AsInt64(), second.AsInt64()).AsInt16();
        return Vector128.Create(first.GetLower(), second.GetLower());
    }

    /// <summary>The upper four lanes of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UpperHalves(Vector128<short> first, Vector128<short> second)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(first.AsInt64(), second.AsInt64()).AsInt16();
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.ZipHigh(first.AsInt64(), second.AsInt64()).AsInt16();
        return Vector128.Create(first.GetUpper(), second.GetUpper());
    }
}
