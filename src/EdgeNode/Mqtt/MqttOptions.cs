namespace FaceLandmark.Mqtt;

/// <summary>The section <c>Mqtt</c>: the broker.</summary>
internal sealed record MqttOptions
{
    /// <summary>Name or address of the broker; empty: the node serves its own on loopback.</summary>
    public string Host { get; init; } = "";

    /// <summary>Port of the broker, or of the embedded one; 1 to 65535.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>
    /// More addresses of the same broker or cluster, separated by commas, each with its port where that is not <see cref="Port"/>; the
    /// next one is tried whenever a connection is lost or cannot be made. Empty: none.
    /// </summary>
    public string Failover { get; init; } = "";

    /// <summary>Version of the protocol.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.Auto;

    /// <summary>What carries it; with <c>web-socket</c>, <see cref="Port"/> is the WebSocket's.</summary>
    public MqttTransport Transport { get; init; } = MqttTransport.Tcp;

    /// <summary>Path of the WebSocket, from <c>/</c>.</summary>
    public string WebSocketPath { get; init; } = "/mqtt";

    /// <summary>Encryption.</summary>
    public MqttTlsOptions Tls { get; init; } = new();

    /// <summary>First level of every topic; no <c>+ #</c>, no control characters.</summary>
    public string BaseTopic { get; init; } = "facelandmark";

    /// <summary>Client identifier; empty: <c>facelandmark-</c> and the node's name.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>User name; empty: none.</summary>
    public string User { get; init; } = "";

    /// <summary>Password; better given as environment variable or file. Never logged or published.</summary>
    public string Password { get; init; } = "";

    /// <summary>File whose first line is the password; wins over <see cref="Password"/>.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>Quality of service of landmark messages: 0 or 1.</summary>
    public int LandmarksQos { get; init; }

    /// <summary>Form of landmark messages.</summary>
    public LandmarksFormat LandmarksFormat { get; init; } = LandmarksFormat.Json;

    /// <summary>Silence after which the broker counts the node as gone; 5 s to 1 h.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// First pause before connecting again; it doubles, jittered, up to <see cref="ReconnectAfterAtMost"/>; 0.1 s to 10 min.
    /// </summary>
    public TimeSpan ReconnectAfter { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest pause before connecting again; not below <see cref="ReconnectAfter"/>, at most 1 h.</summary>
    public TimeSpan ReconnectAfterAtMost { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Messages that may wait for the connection's pace; the oldest is dropped and counted beyond; 1 to 100000.</summary>
    public int QueueLength { get; init; } = 256;

    /// <summary>The options for each address alone, the first one first.</summary>
    internal IReadOnlyList<MqttOptions> Each() =>
        [
            this with
            {
                Failover = "",
            },
            .. (BrokerAddress.List(Failover, Port) ?? []).Select(place =>
                this with
                {
                    Host = place.Host,
                    Port = place.Port,
                    Failover = "",
                }
            ),
        ];
}
