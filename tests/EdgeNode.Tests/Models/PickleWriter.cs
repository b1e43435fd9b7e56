using System.Buffers.Binary;
using System.Text;

namespace FaceLandmark.Tests.Models;

/// <summary>Writes pickles opcode by opcode, good ones and bad ones.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    public PickleWriter() => Raw(0x80, 2);

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);
    }

    public PickleWriter Number(long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
            return Op('J').Raw(BitConverter.GetBytes((int)number));
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Raw(0x8a, 8).Raw(bytes);
    }

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Numbers(IEnumerable<long> numbers)
    {
        Op('(');
        foreach (var number in numbers)
            Number(number);
        return Op('t');
    }

    public PickleWriter Storage(string key, string type, long count) =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count).Op('t').Op('Q');

    public PickleWriter Tensor(string key, string type, long count, long offset, long[] shape, long[]? strides = null) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op('(')
            .Storage(key, type, count)
            .Number(offset)
            .Numbers(shape)
            .Numbers(strides ?? Strides(shape))
            .Raw(0x89)
            .Global("collections", "OrderedDict")
            .Op(')')
            .Op('R')
            .Op('t')
            .Op('R');

    /// <summary>The pickle, with its STOP.</summary>
    public byte[] ToArray() => [.. _bytes, (byte)'.'];

    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--)
            strides[i] = i == shape.Length - 1 ? 1 : strides[i + 1] * shape[i + 1];
        return strides;
    }
}
