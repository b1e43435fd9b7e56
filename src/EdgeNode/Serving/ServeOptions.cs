namespace FaceLandmark.Serving;

/// <summary>The section <c>Serve</c>: the verb <c>serve</c>.</summary>
internal sealed record ServeOptions
{
    /// <summary>Address it listens on; <c>0.0.0.0</c>: every one of the machine, for anybody who reaches it.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port of REST, health and figures; 0: none; 0 to 65535.</summary>
    public int HttpPort { get; init; } = 8000;

    /// <summary>Port of gRPC; 1 to 65535.</summary>
    public int GrpcPort { get; init; } = 8001;

    /// <summary>Names of the models that are served, separated by commas; empty: all of the catalogue that can be loaded.</summary>
    public string Models { get; init; } = "";

    /// <summary>Requests that one network has at once, the one it infers among them; more are refused; 1 to 1000.</summary>
    public int QueueLength { get; init; } = 16;

    /// <summary>A file whose first line is the token that clients must bring; empty: none. The server reads it when it starts.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>PEM file of the certificate; empty: nothing is encrypted.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>PEM file of its private key; empty: it is in <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The names of <see cref="Models"/>.</summary>
    internal IReadOnlyList<string> Names() => Models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
