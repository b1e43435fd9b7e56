using System.Text.Json;

namespace FaceLandmark.Recordings;

/// <summary>
/// What tells a message that is played back from a live one: the field <c>replay</c>, the last one, set to true. All other bytes stay as
/// they are. Payloads that are no object of JSON or CBOR have no place for it.
/// </summary>
internal static class ReplayMark
{
    // CBOR (RFC 8949): kinds of maps, the end of one without a stated length, and the field.
    private const byte ShortMap = 0xA0;
    private const byte LongestShortMap = 0xB6; // one more fits
    private const byte OpenMap = 0xBF;
    private const byte Break = 0xFF;

    private static ReadOnlySpan<byte> Field => "\"replay\":true"u8;

    private static ReadOnlySpan<byte> CborField => [0x66, (byte)'r', (byte)'e', (byte)'p', (byte)'l', (byte)'a', (byte)'y', 0xF5];

    /// <summary>The payload with the mark; one that has it, or has no place for it, as it is.</summary>
    public static ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> payload)
    {
        var bytes = payload.Span;
        if (bytes.Length < 2)
            return payload;
        if (bytes is [OpenMap, .., Break])
            return bytes[..^1].EndsWith(CborField) ? payload : (byte[])[.. bytes[..^1], .. CborField, Break];
        if (bytes[0] is >= ShortMap and <= LongestShortMap)
            return bytes.EndsWith(CborField) ? payload : (byte[])[(byte)(bytes[0] + 1), .. bytes[1..], .. CborField];
        var end = bytes.TrimEnd(" \t\r\n"u8).Length;
        if (bytes[0] != '{' || bytes[end - 1] != '}' || !IsJson(bytes) || bytes[..(end - 1)].EndsWith(Field))
            return payload;
        var isEmpty = bytes[1..(end - 1)].Trim(" \t\r\n"u8).Length == 0;
        return (byte[])[.. bytes[..(end - 1)], .. isEmpty ? [] : ","u8, .. Field, .. bytes[(end - 1)..]];
    }

    /// <summary>Whether bytes are one value of JSON.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return false;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
