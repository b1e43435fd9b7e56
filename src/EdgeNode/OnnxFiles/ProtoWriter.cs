using Google.Protobuf;

namespace FaceLandmark.OnnxFiles;

/// <summary>Writes every field that is not zero or empty.</summary>
internal sealed class ProtoWriter(CodedOutputStream output) : ProtoFields
{
    public override void Number(int field, ref long value)
    {
        if (value == 0)
            return;
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public override void Text(int field, ref string value)
    {
        if (value.Length > 0)
            WriteText(field, value);
    }

    public override void Bytes(int field, ref ByteString value)
    {
        if (value.IsEmpty)
            return;
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(value);
    }

    public override void Numbers(int field, List<long> values)
    {
        foreach (var value in values)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt64(value);
        }
    }

    public override void Numbers(int field, List<float> values)
    {
        foreach (var value in values)
        {
            output.WriteTag(field, WireFormat.WireType.Fixed32);
            output.WriteFloat(value);
        }
    }

    public override void Texts(int field, List<string> values)
    {
        foreach (var value in values)
            WriteText(field, value);
    }

    public override void Message<T>(int field, ref T? value)
        where T : class
    {
        if (value is not null)
            WriteMessage(field, value);
    }

    public override void Messages<T>(int field, List<T> values)
    {
        foreach (var value in values)
            WriteMessage(field, value);
    }

    private void WriteText(int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private void WriteMessage(int field, ProtoMessage value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteMessage(value);
    }
}
