using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Configuration;

/// <summary>The options as they may be shown to anybody who can read the topic <c>info</c>.</summary>
internal static class PublicConfiguration
{
    private static readonly string[] s_secrets = ["password", "token"];

    /// <summary>The options as one object.</summary>
    public static JsonElement Of(EdgeNodeOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, MessageJson.WriterOptions))
            Write(writer, options);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    // By reflection: a serializer's own descriptions of all these types would take longer than the rest of the message.
    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(PublicText.WithoutSecrets(text));
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case float number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case TimeSpan span:
                writer.WriteStringValue(span.ToString("c", CultureInfo.InvariantCulture));
                break;
            case Enum word:
                writer.WriteStringValue(EnumWords.Spelling.ConvertName(word.ToString()));
                break;
            case IReadOnlyDictionary<string, string> names:
                WriteObject(writer, names.Select(entry => (entry.Key, (object?)entry.Value)));
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteObject(
                    writer,
                    value
                        .GetType()
                        .GetProperties()
                        .Where(property => !s_secrets.Any(secret => property.Name.EndsWith(secret, StringComparison.OrdinalIgnoreCase)))
                        .Select(property => (JsonNamingPolicy.CamelCase.ConvertName(property.Name), property.GetValue(value)))
                );
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value)> fields)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }
}
