using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Control;

/// <summary>Answers to requests: <c>{schema, node, session, verb, transaction, status, error, data}</c>.</summary>
internal sealed class CommandAnswers(MqttLink link, MqttTopics topics, NodeIdentity identity)
{
    private const int TopicAtMost = 512;

    /// <summary>It was done.</summary>
    public void Ok(InboundMessage request, string verb, JsonElement? transaction, JsonObject? data) =>
        Send(request, verb, transaction, null, data);

    /// <summary>It was not done.</summary>
    public void Error(InboundMessage request, string verb, JsonElement? transaction, string error) =>
        Send(request, verb, transaction, error, null);

    private void Send(InboundMessage request, string verb, JsonElement? transaction, string? error, JsonObject? data)
    {
        var payload = MessageJson.ToBytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("schema", MessageSchemas.Response);
            writer.WriteString("node", identity.Name);
            writer.WriteString("session", identity.Session);
            writer.WriteString("verb", verb);
            if (transaction is { } echo)
            {
                // The bytes as they came: half a surrogate pair (\ud800) is JSON, and yet no text that could be read and written again.
                writer.WritePropertyName("transaction");
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(echo), skipInputValidation: true);
            }

            writer.WriteString("status", error is null ? "ok" : "error");
            if (error is not null)
                writer.WriteString("error", error);
            if (data is not null)
            {
                writer.WritePropertyName("data");
                data.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
        link.TryEnqueue(
            new MqttMessage(TopicOf(request, verb), payload, MessageClass.Answer)
            {
                Qos = 1,
                ContentType = MessageJson.ContentType,
                Correlation = request.Correlation,
            }
        );
    }

    // A broker may end the connection of whoever uses these in a topic (MQTT 5, 1.5.4).
    private static bool IsForbidden(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter) || letter is (>= '\uFDD0' and <= '\uFDEF') or >= '\uFFFE';

    // Nobody may make the node overwrite its own state, or write where a topic can't be.
    private string TopicOf(InboundMessage request, string verb)
    {
        var asked = request.ResponseTopic;
        var own = topics.Responses + verb;
        if (
            string.IsNullOrEmpty(asked)
            || asked.Length > TopicAtMost
            || asked[0] == '$'
            || asked.AsSpan().IndexOfAny('+', '#') >= 0
            || asked.Any(IsForbidden)
        )
            return own;
        return
            asked.StartsWith(topics.Base + "/", StringComparison.Ordinal) && !asked.StartsWith(topics.Responses, StringComparison.Ordinal)
            ? own
            : asked;
    }
}
