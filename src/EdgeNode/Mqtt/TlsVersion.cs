namespace FaceLandmark.Mqtt;

/// <summary>The oldest TLS that is accepted.</summary>
internal enum TlsVersion
{
    /// <summary>TLS 1.2.</summary>
    Tls12,

    /// <summary>TLS 1.3.</summary>
    Tls13,
}
