using Microsoft.Extensions.Logging;

namespace FaceLandmark.Pipeline;

/// <summary>What the pipeline logs; event ids 300 to 399.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(
        300,
        LogLevel.Warning,
        "{Camera}: no result for frame {Sequence}: {Fault} ({Count} frames without a result since the last report of this)"
    )]
    public static partial void FrameFailed(this ILogger logger, string camera, long sequence, string fault, long count);

    [LoggerMessage(301, LogLevel.Information, "Dispatch switched from {Before} to {Mode}")]
    public static partial void ModeSwitched(this ILogger logger, DispatchMode before, DispatchMode mode);

    [LoggerMessage(
        302,
        LogLevel.Warning,
        "The engine {Engine} failed: {Fault}. Its frames go to {Other}; the node tries it again every {Seconds} s"
    )]
    public static partial void EngineFailed(this ILogger logger, string engine, string fault, string other, double seconds);

    [LoggerMessage(303, LogLevel.Information, "The engine {Engine} is back after {Seconds:0.0} s and takes the frames again")]
    public static partial void EngineRecovered(this ILogger logger, string engine, double seconds);

    [LoggerMessage(
        304,
        LogLevel.Warning,
        "{Camera}: frame {Sequence} could not be compared, {Engine} failed: {Fault} ({Count} frames since the last report of this)"
    )]
    public static partial void NotCompared(this ILogger logger, string camera, long sequence, string engine, string fault, long count);

    [LoggerMessage(
        305,
        LogLevel.Information,
        "The engine {Engine} gets no frames for now: an inference takes {Milliseconds:0} ms, with {Fastest} {FastestMilliseconds:0}"
    )]
    public static partial void EngineLeftOut(
        this ILogger logger,
        string engine,
        double milliseconds,
        string fastest,
        double fastestMilliseconds
    );

    [LoggerMessage(306, LogLevel.Information, "The engine {Engine} gets frames again: an inference takes {Milliseconds:0} ms")]
    public static partial void EngineTakenBack(this ILogger logger, string engine, double milliseconds);
}
