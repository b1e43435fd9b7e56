using Microsoft.Extensions.Logging;

namespace FaceLandmark.Diagnostics;

/// <summary>Events 900 to 949.</summary>
internal static partial class DiagnosticsLog
{
    [LoggerMessage(900, LogLevel.Information, "/health and /metrics are served at {Address}.")]
    public static partial void EndpointStarted(this ILogger logger, string address);
}
