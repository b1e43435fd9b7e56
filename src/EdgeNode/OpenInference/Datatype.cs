using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FaceLandmark.OpenInference;

/// <summary>The protocol's datatypes that landmark networks meet, and their bytes: little-endian, row by row.</summary>
internal static class Datatype
{
    /// <summary>float32.</summary>
    public const string Fp32 = "FP32";

    /// <summary>float16.</summary>
    public const string Fp16 = "FP16";

    /// <summary>Bytes as numbers.</summary>
    public const string UInt8 = "UINT8";

    /// <summary>Elements of any length, each behind its length in four bytes.</summary>
    public const string Bytes = "BYTES";

    /// <summary>Bytes of an element; 0: elements have lengths of their own, or the datatype is none of these.</summary>
    public static int SizeOf(string datatype) =>
        datatype switch
        {
            Fp32 => sizeof(float),
            Fp16 => 2,
            UInt8 => 1,
            _ => 0,
        };

    /// <summary>Reads numbers of FP32 or FP16.</summary>
    /// <returns>False: the bytes are not as many, or the datatype is another.</returns>
    public static bool TryRead(string datatype, ReadOnlySpan<byte> bytes, Span<float> numbers)
    {
        if (SizeOf(datatype) is not (2 or 4) || bytes.Length != numbers.Length * SizeOf(datatype))
            return false;
        if (datatype == Fp32)
            bytes.CopyTo(MemoryMarshal.AsBytes(numbers));
        else
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), numbers);
        return true;
    }

    /// <summary>A shape for people: 1x3x256x256.</summary>
    public static string Shape(IEnumerable<long> shape) => string.Join('x', shape);
}
