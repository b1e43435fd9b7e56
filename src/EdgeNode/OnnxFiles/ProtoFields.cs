using Google.Protobuf;

namespace FaceLandmark.OnnxFiles;

/// <summary>
/// Visits the fields of a message: to read, to write or to measure it. Every message names its fields once
/// (<see cref="ProtoMessage.Visit"/>); values that equal the type's zero are not written, as in proto3.
/// </summary>
internal abstract class ProtoFields
{
    public abstract void Number(int field, ref long value);

    public abstract void Text(int field, ref string value);

    public abstract void Bytes(int field, ref ByteString value);

    public abstract void Numbers(int field, List<long> values);

    public abstract void Numbers(int field, List<float> values);

    public abstract void Texts(int field, List<string> values);

    public abstract void Message<T>(int field, ref T? value)
        where T : ProtoMessage, new();

    public abstract void Messages<T>(int field, List<T> values)
        where T : ProtoMessage, new();
}
