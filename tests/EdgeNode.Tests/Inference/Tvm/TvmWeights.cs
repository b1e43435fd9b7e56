using System.Text;

namespace FaceLandmark.Tests.Inference.Tvm;

/// <summary>TVM's format of weights, <c>deploy.params</c>.</summary>
internal static class TvmWeights
{
    /// <summary>One array of one float32.</summary>
    public static byte[] Of(string name, float value) => Of((name, [1L], [value]));

    /// <summary>Arrays of float32.</summary>
    public static byte[] Of(params (string Name, long[] Shape, float[] Values)[] arrays)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(0xF7E58D4F05049CB7);
        writer.Write(0UL);
        writer.Write((ulong)arrays.Length);
        foreach (var (name, _, _) in arrays)
        {
            writer.Write((ulong)name.Length);
            writer.Write(Encoding.ASCII.GetBytes(name));
        }

        writer.Write((ulong)arrays.Length);
        foreach (var (_, shape, values) in arrays)
        {
            writer.Write(0xDD5E40F096B4A13F);
            writer.Write(0UL);
            writer.Write(1); // kDLCPU
            writer.Write(0);
            writer.Write(shape.Length);
            writer.Write(0x0001_2002); // float, 32 bits, one lane
            foreach (var dimension in shape)
                writer.Write(dimension);
            writer.Write(4L * values.Length);
            foreach (var value in values)
                writer.Write(value);
        }

        writer.Flush();
        return bytes.ToArray();
    }
}
