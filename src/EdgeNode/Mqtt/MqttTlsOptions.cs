namespace FaceLandmark.Mqtt;

/// <summary>The section <c>Mqtt:Tls</c>. The broker's certificate is always verified: its name, its dates and who signed it.</summary>
internal sealed record MqttTlsOptions
{
    /// <summary>Whether the connection is encrypted.</summary>
    public bool Enabled { get; init; }

    /// <summary>PEM file of the authorities that may have signed the broker's certificate; empty: those the system trusts.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>PEM file of this node's certificate, for brokers that ask for one; empty: none.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>PEM file of its private key; empty: it is in <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The oldest TLS that is accepted; <c>tls13</c> not over WebSocket.</summary>
    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>Name that the broker's certificate must bear; empty: <see cref="MqttOptions.Host"/>.</summary>
    public string ServerName { get; init; } = "";
}
