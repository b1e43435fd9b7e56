using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>TVM's TVMByteArray.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TvmBytes
{
    public nint Data;
    public nuint Size;
}
