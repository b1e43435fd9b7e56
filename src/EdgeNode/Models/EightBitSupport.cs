using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FaceLandmark.Models;

/// <summary>
/// Whether this processor multiplies bytes fast: AVX512-VNNI or AVX-VNNI of x86, the dot product of ARM. Without them 8-bit models gain
/// little or lose.
/// </summary>
internal static class EightBitSupport
{
    private const int Avx512VnniInEcx = 1 << 11; // CPUID leaf 7, subleaf 0 (Intel SDM, volume 2A)
    private const int AvxVnniInEax = 1 << 4; // CPUID leaf 7, subleaf 1

    /// <summary>What there is, for people; null when there is nothing.</summary>
    public static string? Name { get; } = Find();

    /// <summary>Whether there is something.</summary>
    public static bool IsPresent => Name is not null;

    private static string? Find()
    {
        if (Dp.IsSupported)
            return "ARM dot product";
        if (!X86Base.IsSupported)
            return null;

        // The runtime's own checks say whether the operating system keeps the registers.
        if (Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & Avx512VnniInEcx) != 0)
            return "AVX512-VNNI";
        return Avx2.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & AvxVnniInEax) != 0 ? "AVX-VNNI" : null;
    }
}
