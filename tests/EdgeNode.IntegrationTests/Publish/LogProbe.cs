using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Tests.Publish;

/// <summary>Keeps log lines of Information and above, and lets a test wait for the next.</summary>
internal sealed class LogProbe<T> : ILogger<T>
{
    private readonly Channel<(LogLevel Level, string Text)> _lines = Channel.CreateUnbounded<(LogLevel, string)>();

    public ConcurrentQueue<(LogLevel Level, string Text)> All { get; } = new();

    public async Task<string> NextAsync(LogLevel level)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync().InTimeAsync($"a line of {level} after {All.LastOrDefault()}");
            if (line.Level == level)
                return line.Text;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        All.Enqueue((logLevel, formatter(state, exception)));
        _lines.Writer.TryWrite((logLevel, formatter(state, exception)));
    }
}
