using Microsoft.Extensions.Logging;

namespace FaceLandmark.Diagnostics;

/// <summary>The section <c>Diagnostics</c>.</summary>
public sealed record DiagnosticsOptions
{
    /// <summary>The least level written to the log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How often <c>stats</c> is published; 0.1 s to 1 h.</summary>
    public TimeSpan StatsEvery { get; init; } = TimeSpan.FromSeconds(1);
}
