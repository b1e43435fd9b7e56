using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace FaceLandmark.Publish;

/// <summary>Whom the link connects to, as whom, and with which last will.</summary>
internal sealed class BrokerSettings(MqttOptions options, MqttTopics topics, string session)
{
    private const string Loopback = "127.0.0.1";

    /// <summary>Name or address of the broker.</summary>
    public string Host { get; } = options.Host.Length > 0 ? options.Host : Loopback;

    /// <summary>Host and port, for people.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{Host}:{options.Port}");

    /// <summary>Client identifier.</summary>
    public string ClientId { get; } = options.ClientId.Length > 0 ? options.ClientId : $"facelandmark-{topics.Node}";

    /// <summary>User name; empty: none.</summary>
    public string User => options.User;

    /// <summary>Tells statuses of this start from those of another.</summary>
    public List<MqttUserProperty> SessionProperty { get; } = [new("session", Encoding.UTF8.GetBytes(session))];

    /// <summary>What MQTTnet needs. Reads the password file each time, so that a changed password works without a restart.</summary>
    /// <exception cref="PasswordFileException">The password file can't be read.</exception>
    public MqttClientOptions Create() => new()
    {
        ProtocolVersion = MqttProtocolVersion.V500,
        ClientId = ClientId,
        CleanSession = true,
        KeepAlivePeriod = options.KeepAlive,
        Credentials = User.Length > 0 ? new MqttClientCredentials(User, Encoding.UTF8.GetBytes(Password())) : null,
        ChannelOptions = new MqttClientTcpOptions
        {
            RemoteEndpoint = IPAddress.TryParse(Host, out var ip) ? new IPEndPoint(ip, options.Port) : new DnsEndPoint(Host, options.Port),

            // MQTTnet resets the connection on close by default, and a broker may then miss the goodbye and publish the will.
            LingerState = new LingerOption(false, 0),
        },
        WillTopic = topics.Status,
        WillPayload = NodeStatus.Offline,
        WillRetain = true,
        WillQualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        WillUserProperties = SessionProperty,
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
            throw new PasswordFileException($"The password file '{options.PasswordFile}' can't be read: check Mqtt:PasswordFile and the file's permissions.");
        }
    }
}
