using System.Buffers.Binary;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>Rounds the FP32 weights of an ONNX model to FP16, in place: the file keeps its length, so nothing else of it is touched.</summary>
/// <remarks>Field numbers are those of onnx.proto. Weights that are FP16 already (stored so, and cast in the graph) stay as they are.</remarks>
public static class HalfWeights
{
    private const int Varint = 0;
    private const int Eight = 1;
    private const int Bytes = 2;
    private const int Four = 5;

    private const int Float32 = 1;

    /// <summary>Rounds all initialisers and constants.</summary>
    /// <param name="model">A ModelProto.</param>
    /// <returns>How many values changed.</returns>
    /// <exception cref="InvalidDataException">It is no ONNX model.</exception>
    public static int Round(Span<byte> model)
    {
        var changed = 0;
        for (var reader = new Reader(model); reader.Next();)
        {
            if (reader is { Field: 7, Wire: Bytes }) // graph
                changed += RoundGraph(reader.Content);
        }

        return changed;
    }

    private static int RoundGraph(Span<byte> graph)
    {
        var changed = 0;
        for (var reader = new Reader(graph); reader.Next();)
        {
            if (reader is { Field: 5, Wire: Bytes }) // initializer
                changed += RoundTensor(reader.Content);
            else if (reader is { Field: 1, Wire: Bytes }) // node
                changed += RoundConstants(reader.Content);
        }

        return changed;
    }

    private static int RoundConstants(Span<byte> node)
    {
        var changed = 0;
        for (var attributes = new Reader(node); attributes.Next();)
        {
            if (attributes is not { Field: 5, Wire: Bytes })
                continue;
            for (var attribute = new Reader(attributes.Content); attribute.Next();)
            {
                if (attribute is { Field: 5, Wire: Bytes }) // t
                    changed += RoundTensor(attribute.Content);
            }
        }

        return changed;
    }

    private static int RoundTensor(Span<byte> tensor)
    {
        var isFloat = false;
        for (var reader = new Reader(tensor); reader.Next();)
            isFloat |= reader is { Field: 2, Wire: Varint, Value: Float32 }; // data_type
        var changed = 0;
        for (var reader = new Reader(tensor); isFloat && reader.Next();)
        {
            if (reader is { Field: 9, Wire: Bytes } or { Field: 4, Wire: Bytes or Four }) // raw_data, float_data
                changed += RoundValues(reader.Content);
        }

        return changed;
    }

    private static int RoundValues(Span<byte> values)
    {
        var changed = 0;
        for (; values.Length >= sizeof(float); values = values[sizeof(float)..])
        {
            var value = BinaryPrimitives.ReadSingleLittleEndian(values);
            var rounded = (float)(Half)value;
            if (rounded == value || !float.IsFinite(value))
                continue;
            BinaryPrimitives.WriteSingleLittleEndian(values, rounded);
            changed++;
        }

        return changed;
    }

    /// <summary>Goes through the fields of a protobuf message.</summary>
    private ref struct Reader(Span<byte> message)
    {
        private Span<byte> _rest = message;

        public int Field { get; private set; }

        public int Wire { get; private set; }

        public ulong Value { get; private set; }

        public Span<byte> Content { get; private set; }

        public bool Next()
        {
            if (_rest.IsEmpty)
                return false;
            var key = ReadVarint();
            (Field, Wire) = ((int)(key >> 3), (int)(key & 7));
            Value = 0;
            if (Wire == Varint)
                Value = ReadVarint();
            else
                Take(Wire switch { Eight => 8, Four => 4, Bytes => ReadVarint(), _ => throw new InvalidDataException($"it has a field of the unknown kind {Wire}.") });
            return true;
        }

        private void Take(ulong length)
        {
            if (length > (ulong)_rest.Length)
                throw new InvalidDataException("it ends in the middle of a field.");
            Content = _rest[..(int)length];
            _rest = _rest[(int)length..];
        }

        private ulong ReadVarint()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (_rest.IsEmpty)
                    throw new InvalidDataException("it ends in the middle of a field.");
                var part = _rest[0];
                _rest = _rest[1..];
                value |= (ulong)(part & 127) << shift;
                if (part < 128)
                    return value;
            }

            throw new InvalidDataException("it has a number of more than 64 bits.");
        }
    }
}
