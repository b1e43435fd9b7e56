namespace FaceLandmark.Mqtt;

/// <summary>A message to be sent once. (What is retained goes by <see cref="MqttLink.SetState"/>.)</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Payload">What; the link copies it.</param>
/// <param name="Class">What kind it is: its queue, its share of the connection, and where its drop is counted.</param>
internal readonly record struct MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, MessageClass Class)
{
    /// <summary>Quality of service: 0 or 1.</summary>
    public int Qos { get; init; }

    /// <summary>MQTT 5 content type.</summary>
    public string? ContentType { get; init; }

    /// <summary>Sent as MQTT 5 user property <c>seq</c>.</summary>
    public long? Sequence { get; init; }

    /// <summary>MQTT 5 correlation data.</summary>
    public byte[]? Correlation { get; init; }

    /// <summary>
    /// Called when the connection has taken it (quality of service 0) or the broker has it (1); on any thread, must not wait.
    /// </summary>
    public Action? Sent { get; init; }

    /// <summary>Called when it was dropped: every message that is not kept in the outbox ends in this or <see cref="Sent"/>.</summary>
    public Action? Lost { get; init; }

    /// <summary>Upper bound for the bytes of its packet.</summary>
    internal long Bytes => PacketSize.AtMost(Topic, Payload.Length, ContentType) + (Correlation?.Length ?? 0);
}
