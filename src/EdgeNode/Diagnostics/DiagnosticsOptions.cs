using Microsoft.Extensions.Logging;

namespace FaceLandmark.Diagnostics;

/// <summary>The section <c>Diagnostics</c>.</summary>
internal sealed record DiagnosticsOptions
{
    /// <summary>The least level written to the log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How often <c>stats</c> is published; 0.1 s to 1 h.</summary>
    public TimeSpan StatsEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Port of <c>/health</c> (JSON) and <c>/metrics</c> (Prometheus) over HTTP; 0: nothing listens; 0 to 65535.</summary>
    public int HttpPort { get; init; }

    /// <summary>Address they listen on; <c>0.0.0.0</c>: every one of the machine, for anybody who reaches it.</summary>
    public string HttpAddress { get; init; } = "127.0.0.1";

    /// <summary>
    /// Folder for the last words of runs that end by a fault, the latest ten; it is made. Empty: none are kept, and a start after a crash
    /// neither tells of it nor waits.
    /// </summary>
    public string LastWords { get; init; } = "";

    /// <summary>
    /// OTLP receiver of the figures, over HTTP with protocol buffers, such as <c>http://127.0.0.1:4318/v1/metrics</c>; empty: none.
    /// </summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>How often they are sent there; 1 s to 1 h.</summary>
    public TimeSpan OtlpEvery { get; init; } = TimeSpan.FromSeconds(10);
}
