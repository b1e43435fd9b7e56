using System.Buffers;
using MQTTnet.Protocol;

namespace FaceLandmark.Mqtt;

/// <summary>A message that waits for its turn; owns a buffer of the shared pool.</summary>
internal readonly record struct OutboundMessage(
    string Topic, byte[] Buffer, int Length, MqttQualityOfServiceLevel Qos, string? ContentType, long? Sequence, string DropPlace, byte[]? Correlation, Action? Sent)
{
    public static OutboundMessage Copy(
        string topic, ReadOnlySpan<byte> payload, MqttQualityOfServiceLevel qos, string? contentType, long? sequence, string dropPlace, byte[]? correlation, Action? sent)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        return new OutboundMessage(topic, buffer, payload.Length, qos, contentType, sequence, dropPlace, correlation, sent);
    }

    public ReadOnlyMemory<byte> Payload => new(Buffer, 0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
