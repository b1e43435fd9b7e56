using Microsoft.Extensions.Logging;

namespace FaceLandmark.Inference.Remote;

/// <summary>What the engine <c>remote</c> logs; event ids 400 to 409.</summary>
internal static partial class RemoteLog
{
    [LoggerMessage(400, LogLevel.Warning, "The inference server {Server} is passed over: {Fault}")]
    public static partial void ServerPassedOver(this ILogger logger, string server, string fault);

    [LoggerMessage(401, LogLevel.Information, "The inference server {Server} is back")]
    public static partial void ServerIsBack(this ILogger logger, string server);
}
