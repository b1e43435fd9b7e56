using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Soak;

/// <summary>Keeps what a node logs as critical, which no fault of the soak may cause. Thread-safe.</summary>
internal sealed class BugLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>What was logged, the first few.</summary>
    public IReadOnlyList<string> Lines => [.. _lines.Take(10)];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (IsEnabled(logLevel))
            _lines.Enqueue($"{formatter(state, exception)} {exception}".Trim());
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
