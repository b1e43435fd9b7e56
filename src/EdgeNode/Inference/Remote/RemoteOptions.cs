namespace FaceLandmark.Inference.Remote;

/// <summary>The section <c>Engines:Remote</c>: servers that speak the Open Inference Protocol over gRPC.</summary>
internal sealed record RemoteOptions
{
    /// <summary>
    /// Their addresses, <c>http://host:port</c> or <c>https://host:port</c>, separated by commas; <c>dns:///host:port</c> is
    /// <c>http</c>, too. A name that has several IP addresses stands for as many servers. Empty: the node has no such engine.
    /// </summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// Name of the model there; empty: that of the model in use, with <c>-fp16</c>, <c>-raw8</c> or <c>-jpeg</c> behind it where
    /// <see cref="Encoding"/> is that, as <c>serve</c> names them.
    /// </summary>
    public string Model { get; init; } = "";

    /// <summary>Version of the model; empty: the server chooses.</summary>
    public string Version { get; init; } = "";

    /// <summary>In which form a face goes there.</summary>
    public RemoteEncoding Encoding { get; init; }

    /// <summary>With <see cref="RemoteEncoding.Jpeg"/>, the quality; 1 to 100.</summary>
    public int Quality { get; init; } = 90;

    /// <summary>How long one try may take; a second one follows at another server; 10 ms to 1 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Faces under way at once; 1 to 256.</summary>
    public int InFlight { get; init; } = 4;

    /// <summary>
    /// A file whose first line is the token that the servers ask for; empty: none. The node reads it again when a server refuses it.
    /// </summary>
    public string TokenFile { get; init; } = "";

    /// <summary>How connections are encrypted.</summary>
    public RemoteTlsOptions Tls { get; init; } = new();

    /// <summary>The name of a model there by default.</summary>
    internal string ModelFor(string name) =>
        Model.Length > 0 ? Model
        : Encoding == RemoteEncoding.Fp32 ? name
        : name + "-" + Encoding.ToString().ToLowerInvariant();

    /// <summary>The addresses; null where the text has none that can be used.</summary>
    internal IReadOnlyList<Uri>? Servers()
    {
        var urls = new List<Uri>();
        foreach (var part in Url.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var text = part.StartsWith("dns:///", StringComparison.OrdinalIgnoreCase) ? "http://" + part[7..] : part;
            if (
                !Uri.TryCreate(text, UriKind.Absolute, out var url)
                || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
                || url.PathAndQuery != "/"
                || url.UserInfo.Length > 0
            )
                return null;
            urls.Add(url);
        }

        return urls.Count > 0 ? urls : null;
    }
}
