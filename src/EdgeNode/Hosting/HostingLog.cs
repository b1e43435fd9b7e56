using FaceLandmark.Pipeline;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>What the start, the run and the end of a node log; event ids 800 to 899.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(800, LogLevel.Information, "Node {Node} starts: {Cameras} on {Engine} ({Runtime}) with model {Model}, {Broker}")]
    public static partial void Starting(
        this ILogger logger,
        string node,
        string cameras,
        string engine,
        string runtime,
        string model,
        string broker
    );

    [LoggerMessage(801, LogLevel.Information, "Node stops: {Reason}")]
    public static partial void Stopping(this ILogger logger, string reason);

    [LoggerMessage(802, LogLevel.Warning, "The stop took longer than {Limit}; the node gives up the frames under way")]
    public static partial void DrainTimedOut(this ILogger logger, TimeSpan limit);

    [LoggerMessage(803, LogLevel.Critical, "Unexpected fault: this is a bug, please report it")]
    public static partial void Bug(this ILogger logger, Exception exception);

    [LoggerMessage(804, LogLevel.Information, "Second engine {Engine} on {Device} ({Runtime}); dispatch mode {Mode}")]
    public static partial void SecondEngine(this ILogger logger, string engine, string device, string runtime, DispatchMode mode);

    [LoggerMessage(
        805,
        LogLevel.Critical,
        "No frame has passed through for {Seconds:0} s although cameras should deliver; "
            + "the node lets the watchdog of systemd end and restart it"
    )]
    public static partial void WatchdogStarves(this ILogger logger, double seconds);

    [LoggerMessage(806, LogLevel.Warning, "The run before this one ended by a fault at {At:O}: {Fault} Its last words are in {File}")]
    public static partial void EndedByFault(this ILogger logger, DateTimeOffset at, string fault, string file);

    [LoggerMessage(
        807,
        LogLevel.Warning,
        "The run before this one, which began at {StartedAt:O}, ended without a word: it crashed, was killed, or the power failed"
    )]
    public static partial void EndedWithoutWord(this ILogger logger, DateTimeOffset startedAt);

    [LoggerMessage(
        808,
        LogLevel.Warning,
        "{Count} runs ended by a fault or without a word within {Minutes:0} minutes: this one waits {Seconds:0} s before it begins"
    )]
    public static partial void WaitsAfterCrashes(this ILogger logger, int count, double minutes, double seconds);

    [LoggerMessage(809, LogLevel.Warning, "Last words cannot be kept in {Folder}: {Reason}")]
    public static partial void NoLastWords(this ILogger logger, string folder, string reason);
}
