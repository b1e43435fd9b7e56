using System.Buffers;

namespace FaceLandmark.Mqtt;

/// <summary>A message that waits for its turn; owns a buffer of the shared pool.</summary>
internal readonly record struct OutboundMessage(MqttMessage Message, byte[] Buffer)
{
    public static OutboundMessage Copy(in MqttMessage message)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(message.Payload.Length);
        message.Payload.CopyTo(buffer);
        return new OutboundMessage(message with { Payload = new ReadOnlyMemory<byte>(buffer, 0, message.Payload.Length) }, buffer);
    }

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
