using System.Globalization;
using System.Security.Cryptography;
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

    private readonly IReadOnlyList<(string Host, int Port, BrokerCertificate Certificate)> _places =
    [
        .. options
            .Each()
            .Select(place => place with { Host = place.Host.Length > 0 ? place.Host : Loopback })
            .Select(place => (place.Host, place.Port, new BrokerCertificate(place.Tls, place.Host))),
    ];

    private volatile int _turn;

    // Commands are far smaller; a broker must not be able to fill this node's memory.
    private const uint LargestIncoming = 1 << 20;

    /// <summary>Encryption.</summary>
    public BrokerCertificate Certificate => _places[_turn].Certificate;

    /// <summary>Name or address of the broker whose turn it is.</summary>
    public string Host => _places[_turn].Host;

    /// <summary>Host and port, for people.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Port of the broker.</summary>
    public int Port => _places[_turn].Port;

    /// <summary>How many addresses there are.</summary>
    public int Places => _places.Count;

    /// <summary>Whether it is the turn of the one that <c>Mqtt:Host</c> names.</summary>
    public bool IsFirst => _turn == 0;

    /// <summary>Client identifier.</summary>
    public string ClientId { get; } = options.ClientId.Length > 0 ? options.ClientId : $"facelandmark-{topics.Node}";

    /// <summary>User name; empty: none.</summary>
    public string User => options.User;

    /// <summary>Tells statuses of this start from those of another.</summary>
    public List<MqttUserProperty> SessionProperty { get; } = [new("session", Encoding.UTF8.GetBytes(session))];

    /// <summary>Whether the connection is encrypted.</summary>
    public bool UsesTls => options.Tls.Enabled;

    /// <summary>The version that is to be spoken.</summary>
    public MqttVersion Version => options.Version;

    /// <summary>Where the last will goes.</summary>
    public string WillTopic { get; init; } = topics.Status;

    /// <summary>User name of the node's own connection to the embedded broker.</summary>
    public const string OwnerName = "node";

    /// <summary>By what the embedded broker knows that connection; new with every start, and never shown.</summary>
    public byte[] OwnerSecret { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>What the node's topics begin with, with a slash at the end.</summary>
    public string BaseTopic => topics.Base + "/";

    /// <summary>What the topics begin with that others may write.</summary>
    public string RequestTopics => topics.Requests;

    /// <summary>Name of the node.</summary>
    public string Node => topics.Node;

    /// <summary>Where the node says how it is.</summary>
    public string StatusTopic => topics.Status;

    /// <summary>Longest pause between attempts to connect.</summary>
    public TimeSpan ReconnectAfterAtMost => options.ReconnectAfterAtMost;

    /// <summary>First pause between attempts to connect.</summary>
    public TimeSpan ReconnectAfter => options.ReconnectAfter;

    /// <summary>Messages of a kind that may wait for the connection.</summary>
    public int QueueLength => options.QueueLength;

    /// <summary>URL of the broker's WebSocket.</summary>
    public string WebSocketAddress
    {
        get
        {
            // UriBuilder takes a question mark in a path for a letter of it.
            var path = options.WebSocketPath.Split('?', 2);
            return new UriBuilder(UsesTls ? "wss" : "ws", Host, Port, path[0]) { Query = path.ElementAtOrDefault(1) ?? "" }
                .Uri
                .AbsoluteUri;
        }
    }

    /// <summary>Why the broker's certificate was refused; null when it was not.</summary>
    public string? CertificateProblem => Certificate.Problem;

    /// <summary>Goes on to the next address, from the last one to the first; one caller at a time.</summary>
    public void MoveOn() => _turn = (_turn + 1) % _places.Count;

    /// <summary>What MQTTnet needs. Reads password and certificates each time, so that changed ones work without a restart.</summary>
    /// <param name="dialect">How the node speaks to the broker.</param>
    /// <exception cref="CredentialFileException">A file cannot be read.</exception>
    public MqttClientOptions Create(BrokerDialect dialect)
    {
        var settings = new MqttClientOptions
        {
            ProtocolVersion = dialect.IsVersion5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            ClientId = ClientId,
            CleanSession = true,
            KeepAlivePeriod = options.KeepAlive,
            Credentials = Credentials(),
            ChannelOptions = options.Transport == MqttTransport.Tcp ? Tcp() : WebSocket(),
            WillTopic = WillTopic,
            WillPayload = NodeStatus.Offline,
            WillRetain = dialect.RetainsWill,
            WillQualityOfServiceLevel = dialect.AcknowledgesWill
                ? MqttQualityOfServiceLevel.AtLeastOnce
                : MqttQualityOfServiceLevel.AtMostOnce,
        };
        if (dialect.IsVersion5)
        {
            settings.MaximumPacketSize = LargestIncoming;
            settings.WillUserProperties = SessionProperty;
        }

        return settings;
    }

    private MqttClientTcpOptions Tcp() =>
        new()
        {
            RemoteEndpoint = BrokerSocket.EndPoint(Host, Port),
            TlsOptions = UsesTls ? Certificate.Create() : new MqttClientTlsOptions(),
            StreamProvider = new BrokerSocket(),
        };

    private MqttClientWebSocketOptions WebSocket() =>
        new() { Uri = WebSocketAddress, TlsOptions = UsesTls ? Certificate.Create() : new MqttClientTlsOptions() };

    private MqttClientCredentials? Credentials()
    {
        if (options.Host.Length == 0)
            return new MqttClientCredentials(OwnerName, OwnerSecret);
        return User.Length > 0 ? new MqttClientCredentials(User, Encoding.UTF8.GetBytes(Password())) : null;
    }

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
            throw new CredentialFileException(
                $"The password file '{options.PasswordFile}' cannot be read: check Mqtt:PasswordFile and the file's permissions."
            );
        }
    }
}
