using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>The last lines of the log, kept in memory for the last words. Thread-safe.</summary>
internal sealed class RecentLog(TimeProvider time) : ILoggerProvider
{
    private const int LinesAtMost = 500;
    private const int CharactersAtMost = 4000;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() { }

    private void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == LinesAtMost)
                _lines.Dequeue();
            _lines.Enqueue(line.Length > CharactersAtMost ? line[..CharactersAtMost] : line);
        }
    }

    private sealed class Line(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (!IsEnabled(logLevel))
                return;
            var at = log.At().ToString("O", CultureInfo.InvariantCulture);
            log.Add($"{at} {logLevel} {category}[{eventId.Id}] {formatter(state, exception)} {exception}".TrimEnd());
        }
    }

    private DateTimeOffset At() => time.GetUtcNow();
}
