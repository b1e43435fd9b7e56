using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace FaceLandmark.Mqtt;

/// <summary>Whom the link connects to, as whom, and with which last will.</summary>
internal sealed class BrokerSettings(MqttOptions options, MqttTopics topics, string session)
{
    private const string Loopback = "127.0.0.1";

    // Commands are far smaller; a broker must not be able to fill this node's memory.
    private const uint LargestIncoming = 1 << 20;

    /// <summary>Encryption.</summary>
    public BrokerCertificate Certificate { get; } = new(options.Tls, options.Host.Length > 0 ? options.Host : Loopback);

    /// <summary>Name or address of the broker.</summary>
    public string Host { get; } = options.Host.Length > 0 ? options.Host : Loopback;

    /// <summary>Host and port, for people.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{Host}:{options.Port}");

    /// <summary>Port of the broker.</summary>
    public int Port => options.Port;

    /// <summary>Client identifier.</summary>
    public string ClientId { get; } = options.ClientId.Length > 0 ? options.ClientId : $"facelandmark-{topics.Node}";

    /// <summary>User name; empty: none.</summary>
    public string User => options.User;

    /// <summary>Tells statuses of this start from those of another.</summary>
    public List<MqttUserProperty> SessionProperty { get; } = [new("session", Encoding.UTF8.GetBytes(session))];

    /// <summary>Whether the connection is encrypted.</summary>
    public bool UsesTls => options.Tls.Enabled;

    /// <summary>Whether MQTT 5 is spoken.</summary>
    public bool IsVersion5 => options.Version == MqttVersion.V5;

    /// <summary>URL of the broker's WebSocket.</summary>
    public string WebSocketAddress => new UriBuilder(UsesTls ? "wss" : "ws", Host, options.Port, options.WebSocketPath).Uri.AbsoluteUri;

    /// <summary>Why the broker's certificate was refused; null when it was not.</summary>
    public string? CertificateProblem => Certificate.Problem;

    /// <summary>What MQTTnet needs. Reads password and certificates each time, so that changed ones work without a restart.</summary>
    /// <exception cref="CredentialFileException">A file can't be read.</exception>
    public MqttClientOptions Create()
    {
        var settings = new MqttClientOptions
        {
            ProtocolVersion = IsVersion5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            ClientId = ClientId,
            CleanSession = true,
            KeepAlivePeriod = options.KeepAlive,
            Credentials = User.Length > 0 ? new MqttClientCredentials(User, Encoding.UTF8.GetBytes(Password())) : null,
            ChannelOptions = options.Transport == MqttTransport.Tcp ? Tcp() : WebSocket(),
            WillTopic = topics.Status,
            WillPayload = NodeStatus.Offline,
            WillRetain = true,
            WillQualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        };
        if (IsVersion5)
        {
            settings.MaximumPacketSize = LargestIncoming;
            settings.WillUserProperties = SessionProperty;
        }

        return settings;
    }

    private MqttClientTcpOptions Tcp() => new()
    {
        RemoteEndpoint = IPAddress.TryParse(Host, out var ip) ? new IPEndPoint(ip, options.Port) : new DnsEndPoint(Host, options.Port),
        TlsOptions = UsesTls ? Certificate.Create() : new MqttClientTlsOptions(),

        // MQTTnet resets the connection on close by default, and a broker may then miss the goodbye and publish the will.
        LingerState = new LingerOption(false, 0),
    };

    private MqttClientWebSocketOptions WebSocket() => new()
    {
        Uri = WebSocketAddress,
        TlsOptions = UsesTls ? Certificate.Create() : new MqttClientTlsOptions(),
    };

    private string Password()
    {
        if (options.PasswordFile.Length == 0)
            return options.Password;
        try
        {
            return File.ReadLines(options.PasswordFile).FirstOrDefault("");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CredentialFileException($"The password file '{options.PasswordFile}' can't be read: check Mqtt:PasswordFile and the file's permissions.");
        }
    }
}
