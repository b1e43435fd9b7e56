using System.Buffers;
using System.Formats.Cbor;
using System.Text.Json;

namespace FaceLandmark.Plots;

/// <summary>Messages in CBOR (RFC 8949) as JSON, so that there is one way to read them.</summary>
internal static class CborJson
{
    // Messages have four levels; whatever has more is none.
    private const int MostLevels = 16;

    /// <summary>The same values as JSON; null where they are no CBOR, or of kinds that messages do not have.</summary>
    public static ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> cbor)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * Math.Max(1, cbor.Length));
        try
        {
            var reader = new CborReader(cbor, CborConformanceMode.Lax);
            using var writer = new Utf8JsonWriter(buffer);
            Copy(reader, writer, 0);
            writer.Flush();
            return buffer.WrittenMemory;
        }
        catch (Exception reason)
            when (reason is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static void Copy(CborReader reader, Utf8JsonWriter writer, int level)
    {
        if (level > MostLevels)
            throw new CborContentException("There are too many levels.");
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                reader.ReadStartMap();
                writer.WriteStartObject();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    writer.WritePropertyName(reader.ReadTextString());
                    Copy(reader, writer, level + 1);
                }

                reader.ReadEndMap();
                writer.WriteEndObject();
                break;
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                writer.WriteStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                    Copy(reader, writer, level + 1);
                reader.ReadEndArray();
                writer.WriteEndArray();
                break;
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                writer.WriteStringValue(reader.ReadTextString());
                break;
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                writer.WriteNumberValue(reader.ReadInt64());
                break;
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat:
                writer.WriteNumberValue(reader.ReadDouble());
                break;
            case CborReaderState.Boolean:
                writer.WriteBooleanValue(reader.ReadBoolean());
                break;
            default:
                throw new CborContentException("Messages have no such values.");
        }
    }
}
