using Google.Protobuf;

namespace FaceLandmark.OnnxFiles;

/// <summary>Reads the one field that the stream stands at; repeated numbers both packed and one by one.</summary>
internal sealed class ProtoReader(CodedInputStream input) : ProtoFields
{
    private uint _tag;

    /// <summary>Whether the message knew the field.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    public bool Next()
    {
        IsRead = false;
        _tag = input.ReadTag();
        return _tag != 0;
    }

    public override void Number(int field, ref long value)
    {
        if (IsAt(field, WireFormat.WireType.Varint))
            value = input.ReadInt64();
    }

    public override void Text(int field, ref string value)
    {
        if (IsAt(field, WireFormat.WireType.LengthDelimited))
            value = input.ReadString();
    }

    public override void Bytes(int field, ref ByteString value)
    {
        if (IsAt(field, WireFormat.WireType.LengthDelimited))
            value = input.ReadBytes();
    }

    public override void Numbers(int field, List<long> values)
    {
        if (IsAt(field, WireFormat.WireType.Varint))
        {
            values.Add(input.ReadInt64());
        }
        else if (IsAt(field, WireFormat.WireType.LengthDelimited))
        {
            var packed = input.ReadBytes().CreateCodedInput();
            while (!packed.IsAtEnd)
                values.Add(packed.ReadInt64());
        }
    }

    public override void Numbers(int field, List<float> values)
    {
        if (IsAt(field, WireFormat.WireType.Fixed32))
        {
            values.Add(input.ReadFloat());
        }
        else if (IsAt(field, WireFormat.WireType.LengthDelimited))
        {
            var packed = input.ReadBytes().CreateCodedInput();
            while (!packed.IsAtEnd)
                values.Add(packed.ReadFloat());
        }
    }

    public override void Texts(int field, List<string> values)
    {
        if (IsAt(field, WireFormat.WireType.LengthDelimited))
            values.Add(input.ReadString());
    }

    public override void Message<T>(int field, ref T? value)
        where T : class
    {
        if (IsAt(field, WireFormat.WireType.LengthDelimited))
            input.ReadMessage(value ??= new T());
    }

    public override void Messages<T>(int field, List<T> values)
    {
        if (!IsAt(field, WireFormat.WireType.LengthDelimited))
            return;
        var value = new T();
        input.ReadMessage(value);
        values.Add(value);
    }

    private bool IsAt(int field, WireFormat.WireType type)
    {
        // A field is read once; what is visited after it must not take the next one's place.
        if (IsRead || _tag != WireFormat.MakeTag(field, type))
            return false;
        IsRead = true;
        return true;
    }
}
