using System.Collections.Concurrent;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Soak;

/// <summary>Keeps what a node logs as critical, which no fault of the soak may cause. Thread-safe.</summary>
internal sealed class BugLog() : LogListener(LogLevel.Critical)
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>What was logged, the first few.</summary>
    public IReadOnlyList<string> Lines => [.. _lines.Take(10)];

    /// <inheritdoc/>
    protected override void Hear(LogLine line) => _lines.Enqueue($"{line.Text} {line.Exception}".Trim());
}
