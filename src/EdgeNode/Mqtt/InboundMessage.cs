using MQTTnet;
using MQTTnet.Packets;

namespace FaceLandmark.Mqtt;

/// <summary>A message that somebody sent to the node.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Retained">Whether it was, or is, retained.</param>
/// <param name="ResponseTopic">Where the sender wants the answer (MQTT 5); null: nowhere special.</param>
/// <param name="Correlation">What the sender wants back with the answer (MQTT 5); null: nothing.</param>
/// <param name="Properties">User properties (MQTT 5).</param>
/// <param name="ContentType">Content type (MQTT 5); null: none is stated.</param>
internal sealed record InboundMessage(
    string Topic,
    ReadOnlyMemory<byte> Payload,
    bool Retained = false,
    string? ResponseTopic = null,
    byte[]? Correlation = null,
    IReadOnlyList<MqttUserProperty>? Properties = null,
    string? ContentType = null
)
{
    internal static InboundMessage Of(MqttApplicationMessage message) =>
        new(
            message.Topic,
            System.Buffers.BuffersExtensions.ToArray(message.Payload),
            message.Retain,
            message.ResponseTopic,
            message.CorrelationData,
            message.UserProperties,
            message.ContentType
        );
}
