using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;

namespace FaceLandmark.Mqtt;

/// <summary>Encryption of one connection: what this node shows, and what it accepts. Verification cannot be turned off.</summary>
internal sealed class BrokerCertificate(MqttTlsOptions options, string host)
{
    private static readonly Oid s_ofServers = new("1.3.6.1.5.5.7.3.1"); // serverAuth (RFC 5280, 4.2.1.12)

    /// <summary>Why the broker's last certificate was refused, as the end of a sentence; null when it was not.</summary>
    public string? Problem { get; private set; }

    private string Name { get; } = options.ServerName.Length > 0 ? options.ServerName : host;

    /// <summary>What MQTTnet needs; reads the files each time, so that renewed certificates work without a restart.</summary>
    /// <exception cref="CredentialFileException">A file cannot be used.</exception>
    public MqttClientTlsOptions Create()
    {
        var authorities = Authorities();
        return new MqttClientTlsOptions
        {
            UseTls = true,
            SslProtocol = Protocols,
            TargetHost = Name,
            // Edge networks rarely reach the lists of revoked certificates, and private authorities have none.
            RevocationMode = X509RevocationMode.NoCheck,
            ClientCertificatesProvider = options.CertificateFile.Length == 0 ? null : new DefaultMqttCertificatesProvider([Own()]),
            CertificateValidationHandler = args =>
                (Problem = Refusal(args.Certificate, args.Chain, args.SslPolicyErrors, authorities)) is null,
        };
    }

    /// <summary>The same proof of the broker for a connection that is not the node's: nothing is shown on it.</summary>
    /// <exception cref="CredentialFileException">A file cannot be used.</exception>
    public SslClientAuthenticationOptions CreateForOthers()
    {
        var authorities = Authorities();
        return new SslClientAuthenticationOptions
        {
            TargetHost = Name,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (Problem = Refusal(certificate, chain!, errors, authorities)) is null,
        };
    }

    private SslProtocols Protocols => options.MinVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;

    private X509Certificate2Collection? Authorities()
    {
        Problem = null;
        return options.CaFile.Length == 0
            ? null
            : Read(
                "Mqtt:Tls:CaFile",
                options.CaFile,
                file =>
                {
                    var all = new X509Certificate2Collection();
                    all.ImportFromPemFile(file);
                    return all.Count > 0 ? all : throw new CryptographicException("no certificate in it");
                }
            );
    }

    private X509Certificate2 Own() =>
        Read(
            options.KeyFile.Length > 0 ? "Mqtt:Tls:CertificateFile or KeyFile" : "Mqtt:Tls:CertificateFile",
            options.CertificateFile,
            file => X509Certificate2.CreateFromPemFile(file, options.KeyFile.Length > 0 ? options.KeyFile : null)
        );

    private string? Refusal(X509Certificate? shown, X509Chain its, SslPolicyErrors errors, X509Certificate2Collection? authorities)
    {
        if (shown is not X509Certificate2 certificate)
            return "it presents none";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"it was not issued for '{Name}': use a name of the certificate as Mqtt:Host or Mqtt:Tls:ServerName";
        if (authorities is null)
            return errors == SslPolicyErrors.None ? null : Say(its, certificate);
        using var chain = new X509Chain
        {
            ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);

        // The same authority makes the nodes' certificates, and none of those may pass for the broker.
        chain.ChainPolicy.ApplicationPolicy.Add(s_ofServers);
        chain.ChainPolicy.ExtraStore.AddRange(its.ChainElements.Select(element => element.Certificate).ToArray());
        return chain.Build(certificate) ? null : Say(chain, certificate);
    }

    private string Say(X509Chain chain, X509Certificate2 certificate)
    {
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"it is valid from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}, "
                    + $"or the certificate of its authority has expired: renew it, or set this machine's clock"
            );
        if (status.HasFlag(X509ChainStatusFlags.NotValidForUsage))
            return "it was not issued for servers (extended key usage serverAuth), but perhaps for a node: give the broker one of its own";
        return (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? options.CaFile.Length > 0
                ? $"none of the authorities in {options.CaFile} has signed it"
                : "no authority that the system trusts has signed it: set Mqtt:Tls:CaFile"
            : $"its chain is not valid ({status})";
    }

    private static T Read<T>(string key, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CredentialFileException($"'{file}' cannot be used ({failure.Message}): check {key} and the file's permissions.");
        }
    }
}
