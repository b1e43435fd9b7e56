using Microsoft.Extensions.Logging;

namespace FaceLandmark.Web;

/// <summary>Events 900 to 969.</summary>
internal static partial class WebLog
{
    [LoggerMessage(900, LogLevel.Information, "The node serves /health and /metrics at {Address}.")]
    public static partial void EndpointStarted(this ILogger logger, string address);

    [LoggerMessage(950, LogLevel.Information, "The live page: {Address}")]
    public static partial void PageStarted(this ILogger logger, string address);

    [LoggerMessage(
        951,
        LogLevel.Warning,
        "There is no live page: the node cannot listen on {Address}:{Port} ({Reason}). Set Web:Port to a free port (0 for no page), "
            + "or Web:Address to an address of this machine."
    )]
    public static partial void PageNotServed(this ILogger logger, string address, int port, string reason);

    [LoggerMessage(
        952,
        LogLevel.Warning,
        "The live page, for everyone who has this address: {Address} It is not encrypted, "
            + "and the node's own broker behind it asks for no password; a broker with accounts (Mqtt:Host) or a reverse proxy is safer."
    )]
    public static partial void PageNeedsToken(this ILogger logger, string address);

    [LoggerMessage(953, LogLevel.Debug, "A viewer connected from {From}; {Viewers} now.")]
    public static partial void ViewerCame(this ILogger logger, string from, int viewers);

    [LoggerMessage(954, LogLevel.Debug, "A viewer from {From} disconnected: {Reason}")]
    public static partial void ViewerWent(this ILogger logger, string from, string reason);

    [LoggerMessage(955, LogLevel.Warning, "The node refused a request for {Path}: {Reason} ({Count} since the last such line)")]
    public static partial void RequestRefused(this ILogger logger, string path, string reason, long count);
}
