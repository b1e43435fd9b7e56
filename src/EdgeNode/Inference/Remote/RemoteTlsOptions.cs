namespace FaceLandmark.Inference.Remote;

/// <summary>The section <c>Engines:Remote:Tls</c>: for addresses that begin with <c>https</c>. Certificates are always verified.</summary>
internal sealed record RemoteTlsOptions
{
    /// <summary>PEM file of the authorities that may have signed the servers' certificates; empty: those the system trusts.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>The name that the servers' certificates must bear; empty: that of the address.</summary>
    public string ServerName { get; init; } = "";
}
