using System.Buffers.Binary;
using System.Text;

namespace FaceLandmark.Tests.Inference;

/// <summary>
/// Writes the smallest real landmark network as an ONNX file: the mean of each colour plane, one fully connected layer of
/// zeros and a bias, so that every picture gives the points of <paramref name="bias"/>. Field numbers are those of onnx.proto.
/// </summary>
/// <param name="size">Side of the input.</param>
/// <param name="bias">The points.</param>
/// <param name="channels">Colour planes.</param>
/// <param name="endless">Whether it computes for ever: a loop of 2^63 rounds that changes nothing.</param>
internal sealed class TinyOnnx(int size, float[] bias, int channels = 3, bool endless = false)
{
    public void Save(string path) => File.WriteAllBytes(path, Model());

    /// <summary>Points on a circle in the middle of the picture.</summary>
    public static float[] Circle(int landmarks) =>
        [.. Enumerable.Range(0, landmarks).SelectMany(i => new[] { 0.5f + (0.3f * MathF.Cos(i)), 0.5f + (0.3f * MathF.Sin(i)) })];

    private byte[] Model()
    {
        byte[] graph =
        [
            .. Bytes(1, Node("GlobalAveragePool", ["input0"], "pooled")),
            .. endless
                ? Bytes(
                    1,
                    [
                        .. Node("Loop", ["rounds", "yes", "pooled"], "looped"),
                        .. Bytes(5, [.. Text(1, "body"), .. Bytes(6, Round()), .. Number(20, 5)]),
                    ]
                )
                : [],
            .. Bytes(1, Node("Flatten", [endless ? "looped" : "pooled"], "flat")),
            .. Bytes(1, Node("Gemm", ["flat", "weight", "bias"], "values")),
            .. Bytes(1, Node("Reshape", ["values", "shape"], "landmarks")),
            .. Text(2, "tiny"),
            .. Bytes(5, Floats("weight", [channels, bias.Length], new float[channels * bias.Length])),
            .. Bytes(5, Floats("bias", [bias.Length], bias)),
            .. Bytes(5, Longs("shape", [1, bias.Length / 2, 2])),
            .. endless ? Bytes(5, [.. Number(2, 7), .. Number(7, long.MaxValue), .. Text(8, "rounds")]) : [],
            .. endless ? Bytes(5, [.. Number(2, 9), .. Number(5, 1), .. Text(8, "yes")]) : [],
            .. Bytes(11, Value("input0", [1, channels, size, size])),
            .. Bytes(12, Value("landmarks", [1, bias.Length / 2, 2])),
        ];
        return [.. Number(1, 8), .. Bytes(7, graph), .. Bytes(8, [.. Text(1, ""), .. Number(2, 13)])];
    }

    private static byte[] Round() =>
        [
            .. Bytes(1, Node("Identity", ["again"], "again_out")),
            .. Bytes(1, Node("Identity", ["value"], "value_out")),
            .. Text(2, "round"),
            .. Bytes(11, Value("number", [], 7)),
            .. Bytes(11, Value("again", [], 9)),
            .. Bytes(11, Value("value", [1, 3, 1, 1])),
            .. Bytes(12, Value("again_out", [], 9)),
            .. Bytes(12, Value("value_out", [1, 3, 1, 1])),
        ];

    private static byte[] Node(string type, string[] inputs, string output) =>
        [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(3, output), .. Text(4, type)];

    private static byte[] Floats(string name, int[] shape, float[] values)
    {
        var raw = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(4 * i), values[i]);
        return [.. shape.SelectMany(dimension => Number(1, dimension)), .. Number(2, 1), .. Text(8, name), .. Bytes(9, raw)];
    }

    private static byte[] Longs(string name, long[] values) =>
        [.. Number(1, values.Length), .. Number(2, 7), .. values.SelectMany(value => Number(7, value)), .. Text(8, name)];

    private static byte[] Value(string name, int[] shape, long type = 1)
    {
        var dimensions = shape.SelectMany(dimension => Bytes(1, [.. Number(1, dimension)])).ToArray();
        return [.. Text(1, name), .. Bytes(2, [.. Bytes(1, [.. Number(1, type), .. Bytes(2, dimensions)])])];
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] content) =>
        [.. Varint((ulong)(field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            yield return (byte)(value | 128);
        yield return (byte)value;
    }
}
