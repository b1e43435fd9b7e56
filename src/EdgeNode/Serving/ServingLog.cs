using Microsoft.Extensions.Logging;

namespace FaceLandmark.Serving;

/// <summary>What the inference server logs; event ids 410 to 449.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(410, LogLevel.Warning, "A model is not served: {Fault}")]
    public static partial void NotServed(this ILogger logger, string fault);

    [LoggerMessage(411, LogLevel.Information, "Serving {Models} by gRPC at {Grpc} and by REST at {Rest}")]
    public static partial void Serving(this ILogger logger, string models, string grpc, string rest);

    [LoggerMessage(412, LogLevel.Warning, "Everybody who reaches {Address} may use this server: set Serve:TokenFile to ask for a token")]
    public static partial void OpenToAll(this ILogger logger, string address);

    [LoggerMessage(413, LogLevel.Information, "The server stops: {Requests} requests are under way")]
    public static partial void Draining(this ILogger logger, int requests);

    [LoggerMessage(414, LogLevel.Information, "The server has stopped after {Requests} requests")]
    public static partial void Stopped(this ILogger logger, long requests);

    [LoggerMessage(415, LogLevel.Error, "A request met an unexpected fault: this is a bug, please report it")]
    public static partial void RequestBug(this ILogger logger, Exception exception);
}
