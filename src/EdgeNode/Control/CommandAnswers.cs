using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Control;

/// <summary>Answers to requests: <c>{schema, node, session, verb, transaction, status, error, data}</c>.</summary>
internal sealed class CommandAnswers(MqttLink link, MqttTopics topics, NodeIdentity identity)
{
    private const int TopicAtMost = 512;

    /// <summary>It was done.</summary>
    public void Ok(InboundMessage request, string verb, JsonElement? transaction, JsonElement? data) =>
        Send(request, verb, transaction, null, data);

    /// <summary>It was not done.</summary>
    public void Error(InboundMessage request, string verb, JsonElement? transaction, string error) =>
        Send(request, verb, transaction, error, null);

    private void Send(InboundMessage request, string verb, JsonElement? transaction, string? error, JsonElement? data)
    {
        var payload = ResponseMessage.Of(identity, verb, transaction, error, data).ToBytes();
        link.TryEnqueue(
            new MqttMessage(TopicOf(request, verb), payload, MessageClass.Answer)
            {
                Qos = 1,
                ContentType = MessageJson.ContentType,
                Correlation = request.Correlation,
            }
        );
    }

    // A broker may end the connection of a client that uses these in a topic (MQTT 5, 1.5.4).
    private static bool IsForbidden(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter) || letter is (>= '\uFDD0' and <= '\uFDEF') or >= '\uFFFE';

    // Nobody may make the node overwrite its own state, or write where a topic cannot be.
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
