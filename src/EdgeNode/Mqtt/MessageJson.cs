using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FaceLandmark.Mqtt;

/// <summary>What the JSON of all messages has in common.</summary>
internal static class MessageJson
{
    /// <summary>MQTT 5 content type.</summary>
    public const string ContentType = "application/json";

    /// <summary>UTF-8 stays readable; the writers are tested instead of validated at run time.</summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A message in an array of its own.</summary>
    public static byte[] ToBytes<T>(T message, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            JsonSerializer.Serialize(writer, message, type);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A number with a limited number of decimals.</summary>
    internal static void WriteRounded(this Utf8JsonWriter writer, JsonEncodedText name, double value, int decimals) =>
        writer.WriteNumber(name, Math.Round(value, decimals));

    /// <summary>A moment as ISO 8601 in UTC with nine decimals of the second (the clock gives seven).</summary>
    internal static void WriteTime(this Utf8JsonWriter writer, JsonEncodedText name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[32];
        at.UtcDateTime.TryFormat(text, out var length, "O", null);
        "00Z"u8.CopyTo(text[(length - 1)..]);
        writer.WriteString(name, text[..(length + 2)]);
    }

    /// <summary>The same as text.</summary>
    internal static string ToIsoTime(DateTimeOffset at) => at.UtcDateTime.ToString("O")[..^1] + "00Z";

    /// <summary>Two numbers in steps of 0.01, as <c>[x,y]</c>.</summary>
    internal static void WritePair(this Utf8JsonWriter writer, float x, float y)
    {
        Span<byte> text = stackalloc byte[64];
        text[0] = (byte)'[';
        var length = 1 + FormatHundredths(x, text[1..]);
        text[length++] = (byte)',';
        length += FormatHundredths(y, text[length..]);
        text[length++] = (byte)']';
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static int FormatHundredths(float value, Span<byte> text)
    {
        var hundredths = (long)Math.Round(value * 100.0);
        var length = 0;
        if (hundredths < 0)
        {
            text[length++] = (byte)'-';
            hundredths = -hundredths;
        }

        var (whole, rest) = Math.DivRem(hundredths, 100);
        Utf8Formatter.TryFormat(whole, text[length..], out var digits);
        length += digits;
        if (rest == 0)
            return length;
        text[length++] = (byte)'.';
        text[length++] = (byte)('0' + (rest / 10));
        if (rest % 10 != 0)
            text[length++] = (byte)('0' + (rest % 10));
        return length;
    }
}
