using FaceLandmark.Inference.Onnx;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Inference;

/// <summary>What the engines log; event ids 560 to 579.</summary>
internal static partial class InferenceLog
{
    [LoggerMessage(560, LogLevel.Information, "The threads for {Model} were measured on this machine: {Choice}")]
    public static partial void ThreadsMeasured(this ILogger logger, string model, ThreadChoice choice);

    [LoggerMessage(561, LogLevel.Information, "What was measured of the threads cannot be kept ({Reason}); the next start measures again")]
    public static partial void ThreadsNotKept(this ILogger logger, string reason);

    [LoggerMessage(
        562,
        LogLevel.Information,
        "The threads for {Model} cannot be measured while other programs use the processors; the next start measures again"
    )]
    public static partial void ThreadsNotMeasured(this ILogger logger, string model);
}
