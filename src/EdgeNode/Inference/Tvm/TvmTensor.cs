using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>DLPack's DLTensor: 48 bytes that describe somebody's memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TvmTensor
{
    /// <summary>kDLCPU.</summary>
    public const int Cpu = 1;

    public nint Data;
    public int DeviceType;
    public int DeviceId;
    public int Dimensions;
    public byte ElementCode;
    public byte ElementBits;
    public ushort ElementLanes;
    public nint Shape;
    public nint Strides;
    public ulong ByteOffset;

    /// <summary>A dense float32 tensor on the CPU.</summary>
    public static TvmTensor Floats(nint data, nint shape, int dimensions) =>
        new()
        {
            Data = data,
            DeviceType = Cpu,
            Dimensions = dimensions,
            ElementCode = 2,
            ElementBits = 32,
            ElementLanes = 1,
            Shape = shape,
        };
}
