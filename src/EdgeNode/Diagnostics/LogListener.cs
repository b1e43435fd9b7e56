using Microsoft.Extensions.Logging;

namespace FaceLandmark.Diagnostics;

/// <summary>Hears every line of the log from a level on.</summary>
/// <param name="least">The least severe level that is heard.</param>
internal abstract class LogListener(LogLevel least) : ILoggerProvider
{
    private readonly LogLevel _least = least;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Source(this, categoryName);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Takes a line. Any thread.</summary>
    protected abstract void Hear(LogLine line);

    private sealed class Source(LogListener listener, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= listener._least && logLevel < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                listener.Hear(new LogLine(logLevel, category, eventId.Id, formatter(state, exception), exception));
        }
    }
}
