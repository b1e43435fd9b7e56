using MQTTnet;

namespace FaceLandmark.Mqtt;

/// <summary>
/// What one connection may carry: what the broker said when it took it (CONNACK), and what can be said in its version of the protocol.
/// </summary>
internal sealed record ConnectionLimits
{
    // More under way at once would only wait in the node's own buffers, out of reach of "the newest wins".
    private const int UnderWayAtMost = 64;

    // MQTT 3.1.1 does not tell; brokers commonly take twenty.
    private const int UnderWayUntold = 20;

    /// <summary>Whether MQTT 5 is spoken.</summary>
    public bool IsVersion5 { get; init; } = true;

    /// <summary>Bytes the largest packet may have.</summary>
    public long PacketBytes { get; init; } = PacketSize.ProtocolLimit;

    /// <summary>Messages that may be without a receipt at once.</summary>
    public int UnderWay { get; init; } = UnderWayUntold;

    /// <summary>The highest quality of service: 0 or more.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>Whether messages may be retained.</summary>
    public bool MayRetain { get; init; } = true;

    /// <summary>Whether a subscription may have wildcards.</summary>
    public bool Wildcards { get; init; } = true;

    /// <summary>Topics that may be sent as a number.</summary>
    public ushort TopicAliases { get; init; }

    /// <summary>Longest silence, when it is shorter than what the node asked for; zero: the node's own.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>Reads the broker's answer.</summary>
    public static ConnectionLimits Of(MqttClientConnectResult answer, bool isVersion5, TimeSpan askedKeepAlive)
    {
        if (!isVersion5)
            return new ConnectionLimits { IsVersion5 = false };
        var keepAlive = TimeSpan.FromSeconds(answer.ServerKeepAlive);
        return new ConnectionLimits
        {
            PacketBytes = answer.MaximumPacketSize is > 0 and var size ? size : PacketSize.ProtocolLimit,
            UnderWay = answer.ReceiveMaximum is > 0 and < UnderWayAtMost and var most ? most : UnderWayAtMost,
            Qos = (int)answer.MaximumQoS,
            MayRetain = answer.RetainAvailable,
            Wildcards = answer.WildcardSubscriptionAvailable,
            TopicAliases = answer.TopicAliasMaximum,
            KeepAlive = keepAlive > TimeSpan.Zero && keepAlive < askedKeepAlive ? keepAlive : TimeSpan.Zero,
        };
    }

    /// <summary>Whether a message of a quality of service gets a receipt here.</summary>
    public bool IsAcknowledged(int qos) => qos > 0 && Qos > 0;
}
