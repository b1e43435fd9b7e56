using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Configuration;

/// <summary>The options as they may be shown to anybody who can read the topic <c>info</c>.</summary>
internal static class PublicConfiguration
{
    private static readonly string[] s_secrets = ["password", "token"];
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = MessageJson.WriterOptions.Encoder,
        Converters = { new JsonStringEnumConverter(EnumWords.Spelling), new SecretFreeString() },
        TypeInfoResolver = ConfigurationJson.Default.WithAddedModifier(LeavePasswordsOut),
    };

    /// <summary>The options as one object.</summary>
    public static JsonElement Of(EdgeNodeOptions options) =>
        JsonSerializer.SerializeToElement(options, s_json.GetTypeInfo(typeof(EdgeNodeOptions)));

    private static void LeavePasswordsOut(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
            if (s_secrets.Any(secret => type.Properties[i].Name.EndsWith(secret, StringComparison.OrdinalIgnoreCase)))
                type.Properties.RemoveAt(i);
    }

    private sealed class SecretFreeString : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(PublicText.WithoutSecrets(value));
    }
}
