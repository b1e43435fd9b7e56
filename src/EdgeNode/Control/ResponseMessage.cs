using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Control;

/// <summary>The topics <c>response/&lt;verb&gt;</c>: whether a command was done, as JSON.</summary>
internal sealed record ResponseMessage(
    string Schema,
    string Node,
    string Session,
    string Verb,
    [property: JsonConverter(typeof(ResponseMessage.AsItCame))] JsonElement? Transaction,
    string Status,
    string? Error,
    JsonElement? Data
)
{
    /// <summary>The answer to a command.</summary>
    /// <param name="identity">Who answers.</param>
    /// <param name="verb">The command.</param>
    /// <param name="transaction">What the sender knows it by.</param>
    /// <param name="error">Why it was not done; null when it was.</param>
    /// <param name="data">What there is to tell.</param>
    public static ResponseMessage Of(NodeIdentity identity, string verb, JsonElement? transaction, string? error, JsonElement? data) =>
        new(MessageSchemas.Response, identity.Name, identity.Session, verb, transaction, error is null ? "ok" : "error", error, data);

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, ControlJson.Default.ResponseMessage);

    /// <summary>
    /// The bytes as they came: half a surrogate pair (\ud800) is JSON, and yet no text that could be read and written again.
    /// </summary>
    internal sealed class AsItCame : JsonConverter<JsonElement>
    {
        /// <inheritdoc/>
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }
}
