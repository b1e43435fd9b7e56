using FaceLandmark.Mqtt;

namespace FaceLandmark.Setup;

/// <summary>What a decision about the broker means for its settings; those that nobody asked about stay.</summary>
internal static class SetupBroker
{
    private const int PlainPort = 1883;

    /// <summary>The port that brokers usually have.</summary>
    public static int UsualPort(bool tls) => tls ? 8883 : PlainPort;

    /// <summary>The node's own broker.</summary>
    public static MqttOptions Embedded(MqttOptions mqtt)
    {
        ArgumentNullException.ThrowIfNull(mqtt);
        return As(mqtt, "", "", "") with
        {
            Host = "",
            Failover = "",
            Port = mqtt.Host.Length == 0 ? mqtt.Port : PlainPort,
            Transport = MqttTransport.Tcp,
            Tls = mqtt.Tls with { Enabled = false, CaFile = "" },
        };
    }

    /// <summary>Another broker.</summary>
    public static MqttOptions At(MqttOptions mqtt, string host, int port, bool tls, string caFile)
    {
        ArgumentNullException.ThrowIfNull(mqtt);
        return mqtt with
        {
            Host = host,
            Failover = host == mqtt.Host ? mqtt.Failover : "", // other addresses of that broker
            Port = port,
            Tls = mqtt.Tls with { Enabled = tls, CaFile = caFile.Length > 0 ? Path.GetFullPath(caFile) : "" },
        };
    }

    /// <summary>With an account; an empty user: without.</summary>
    public static MqttOptions As(MqttOptions mqtt, string user, string password, string passwordFile)
    {
        ArgumentNullException.ThrowIfNull(mqtt);
        return mqtt with
        {
            User = user,
            Password = passwordFile.Length > 0 ? "" : password,
            PasswordFile = passwordFile.Length > 0 ? Path.GetFullPath(passwordFile) : "",
        };
    }
}
