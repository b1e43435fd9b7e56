namespace FaceLandmark.Web;

/// <summary>The section <c>Web</c>: the live page.</summary>
internal sealed record WebOptions
{
    /// <summary>Port of the live page; 0: none is served; 0 to 65535.</summary>
    public int Port { get; init; } = 8098;

    /// <summary>Address it is served at; <c>0.0.0.0</c>: every one of the machine, for anybody who reaches it.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>
    /// What a browser must bring (<c>/?token=...</c>) to reach the broker through the page. Empty: nothing, but where the page is not on
    /// loopback and the broker is the node's own, a new one with every start, which the log tells. Never published.
    /// </summary>
    public string Token { get; init; } = "";

    /// <summary>
    /// Names under which browsers may ask for the page besides <c>localhost</c>, the machine's name and IP addresses, separated by commas:
    /// those of a reverse proxy. Any other is refused, because it may be a foreign web page whose name was made to point here.
    /// </summary>
    public string Hosts { get; init; } = "";
}
