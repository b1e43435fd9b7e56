using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace FaceLandmark.OnnxFiles;

/// <summary>A protobuf message that is described by a visit of its fields. Fields it does not name are kept and written again.</summary>
internal abstract class ProtoMessage : IMessage
{
    private UnknownFieldSet? _others;

    /// <summary>Not known: these types carry no reflection.</summary>
    MessageDescriptor IMessage.Descriptor => throw new NotSupportedException();

    public int CalculateSize()
    {
        var sizer = new ProtoSizer();
        Visit(sizer);
        return sizer.Size + (_others?.CalculateSize() ?? 0);
    }

    public void WriteTo(CodedOutputStream output)
    {
        Visit(new ProtoWriter(output));
        _others?.WriteTo(output);
    }

    public void MergeFrom(CodedInputStream input)
    {
        var reader = new ProtoReader(input);
        while (reader.Next())
        {
            Visit(reader);
            if (!reader.IsRead)
                _others = UnknownFieldSet.MergeFieldFrom(_others, input);
        }
    }

    /// <summary>Names every field, with its number in onnx.proto.</summary>
    protected abstract void Visit(ProtoFields fields);
}
