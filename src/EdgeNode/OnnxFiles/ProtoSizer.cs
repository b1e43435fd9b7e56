using Google.Protobuf;

namespace FaceLandmark.OnnxFiles;

/// <summary>Counts the bytes that <see cref="ProtoWriter"/> writes.</summary>
internal sealed class ProtoSizer : ProtoFields
{
    public int Size { get; private set; }

    public override void Number(int field, ref long value)
    {
        if (value != 0)
            Add(field, CodedOutputStream.ComputeInt64Size(value));
    }

    public override void Text(int field, ref string value)
    {
        if (value.Length > 0)
            Add(field, CodedOutputStream.ComputeStringSize(value));
    }

    public override void Bytes(int field, ref ByteString value)
    {
        if (!value.IsEmpty)
            Add(field, CodedOutputStream.ComputeBytesSize(value));
    }

    public override void Numbers(int field, List<long> values)
    {
        foreach (var value in values)
            Add(field, CodedOutputStream.ComputeInt64Size(value));
    }

    public override void Numbers(int field, List<float> values) =>
        Size += values.Count * (CodedOutputStream.ComputeTagSize(field) + sizeof(float));

    public override void Texts(int field, List<string> values)
    {
        foreach (var value in values)
            Add(field, CodedOutputStream.ComputeStringSize(value));
    }

    public override void Message<T>(int field, ref T? value)
        where T : class
    {
        if (value is not null)
            Add(field, CodedOutputStream.ComputeMessageSize(value));
    }

    public override void Messages<T>(int field, List<T> values)
    {
        foreach (var value in values)
            Add(field, CodedOutputStream.ComputeMessageSize(value));
    }

    // A model beyond 2 GiB is no protobuf message any more.
    private void Add(int field, int size) => Size = checked(Size + CodedOutputStream.ComputeTagSize(field) + size);
}
