using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FaceLandmark.Models;

/// <summary>
/// Whether this processor multiplies bytes faster than floating-point numbers: AVX2 of x86 and what came after it, the dot product of ARM.
/// </summary>
internal static class EightBitSupport
{
    private const int Avx512VnniInEcx = 1 << 11; // CPUID leaf 7, subleaf 0 (Intel SDM, volume 2A)
    private const int AvxVnniInEax = 1 << 4; // CPUID leaf 7, subleaf 1

    /// <summary>What there is, for people; null when there is nothing.</summary>
    public static string? Name { get; } = Find();

    private static string? Find()
    {
        if (Dp.IsSupported)
            return "ARM dot product";
        // The runtime's own checks say whether the operating system keeps the registers.
        if (!Avx2.IsSupported)
            return null;
        if (Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & Avx512VnniInEcx) != 0)
            return "AVX512-VNNI";
        return X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & AvxVnniInEax) != 0 ? "AVX-VNNI" : "AVX2";
    }
}
