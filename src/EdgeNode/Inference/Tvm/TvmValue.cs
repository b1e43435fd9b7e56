using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>An argument or result of TVM's C interface: eight bytes that a <see cref="TvmTypeCode"/> explains.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct TvmValue
{
    [FieldOffset(0)]
    public long Integer;

    [FieldOffset(0)]
    public nint Handle;
}
