using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;
using Google.Protobuf;

namespace FaceLandmark.OnnxFiles;

/// <summary>TensorProto: a constant. Values are little-endian bytes in <see cref="Raw"/>, as all exporters write large ones.</summary>
internal sealed class OnnxTensor : ProtoMessage
{
    private readonly List<float> _floats = [];
    private readonly List<long> _integers = [];
    private long _type;
    private string _name = "";
    private ByteString _raw = ByteString.Empty;

    public OnnxTensor() { }

    private OnnxTensor(string name, OnnxType type, IEnumerable<long> shape, ReadOnlySpan<byte> values)
    {
        (_name, _type, _raw) = (name, (long)type, ByteString.CopyFrom(values));
        Shape.AddRange(shape);
    }

    public string Name
    {
        get => _name;
        set => _name = value;
    }

    public OnnxType Type => (OnnxType)_type;

    public List<long> Shape { get; } = [];

    public ByteString Raw
    {
        get => _raw;
        set => _raw = value;
    }

    public static OnnxTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<float> values) =>
        new(name, OnnxType.Float32, shape, MemoryMarshal.AsBytes(values));

    public static OnnxTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<Half> values) =>
        new(name, OnnxType.Float16, shape, MemoryMarshal.AsBytes(values));

    public static OnnxTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<byte> values) =>
        new(name, OnnxType.UInt8, shape, values);

    public static OnnxTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<sbyte> values) =>
        new(name, OnnxType.Int8, shape, MemoryMarshal.AsBytes(values));

    public static OnnxTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<int> values) =>
        new(name, OnnxType.Int32, shape, MemoryMarshal.AsBytes(values));

    public static OnnxTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<long> values) =>
        new(name, OnnxType.Int64, shape, MemoryMarshal.AsBytes(values));

    /// <summary>The values of a tensor of float32 or float16.</summary>
    /// <exception cref="ModelException">It holds other numbers, or not as many as its shape says.</exception>
    public float[] ToFloats()
    {
        float[] values;
        switch (Type)
        {
            case OnnxType.Float32:
                values = _floats.Count > 0 ? [.. _floats] : [.. MemoryMarshal.Cast<byte, float>(_raw.Span)];
                break;
            case OnnxType.Float16:
                var halves = MemoryMarshal.Cast<byte, Half>(_raw.Span);
                values = new float[halves.Length];
                TensorPrimitives.ConvertToSingle(halves, values);
                break;
            default:
                throw new ModelException($"The constant {_name} holds {Type}, but float32 or float16 is needed here.");
        }

        return values.Length == Shape.Aggregate(1L, (product, side) => product * side)
            ? values
            : throw new ModelException($"The constant {_name} has the shape {string.Join('x', Shape)}, but {values.Length} values.");
    }

    /// <summary>The values of a tensor of int64; of another, none.</summary>
    public List<long> ToIntegers() =>
        Type != OnnxType.Int64 ? []
        : _integers.Count > 0 ? [.. _integers]
        : [.. MemoryMarshal.Cast<byte, long>(_raw.Span)];

    /// <summary>Rounds the values of a tensor of float32 to those that float16 has; what is infinite or beyond stays.</summary>
    /// <returns>How many changed.</returns>
    public int RoundToHalf()
    {
        if (Type != OnnxType.Float32)
            return 0;
        var raw = _raw.ToByteArray();
        var changed = Round(MemoryMarshal.Cast<byte, float>(raw.AsSpan())) + Round(CollectionsMarshal.AsSpan(_floats));
        _raw = ByteString.CopyFrom(raw);
        return changed;
    }

    protected override void Visit(ProtoFields fields)
    {
        fields.Numbers(1, Shape);
        fields.Number(2, ref _type);
        fields.Numbers(4, _floats);
        fields.Numbers(7, _integers);
        fields.Text(8, ref _name);
        fields.Bytes(9, ref _raw);
    }

    private static int Round(Span<float> values)
    {
        var changed = 0;
        foreach (ref var value in values)
        {
            var rounded = (float)(Half)value;
            if (rounded == value || !float.IsFinite(value))
                continue;
            value = rounded;
            changed++;
        }

        return changed;
    }
}
