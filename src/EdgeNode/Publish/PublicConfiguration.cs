using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FaceLandmark.Configuration;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Publish;

/// <summary>The options as they may be shown to anybody who can read the topic <c>info</c>.</summary>
internal static class PublicConfiguration
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = MessageJson.WriterOptions.Encoder,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new SecretFreeString() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeavePasswordsOut } },
    };

    /// <summary>Writes the options as one object.</summary>
    public static void Write(Utf8JsonWriter writer, EdgeNodeOptions options) => JsonSerializer.Serialize(writer, options, s_json);

    /// <summary>A URL without user, password and query, where cameras take them; any other text as it is.</summary>
    public static string WithoutSecrets(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0)
            return text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            return text[..separator] + "://..."; // what can't be read can't be cleaned
        return url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    private static void LeavePasswordsOut(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
            if (type.Properties[i].Name.EndsWith("password", StringComparison.OrdinalIgnoreCase))
                type.Properties.RemoveAt(i);
    }

    private sealed class SecretFreeString : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(WithoutSecrets(value));
    }
}
