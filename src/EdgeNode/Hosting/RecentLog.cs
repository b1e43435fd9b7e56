using System.Globalization;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>The last lines of the log, kept in memory for the last words. Thread-safe.</summary>
internal sealed class RecentLog(TimeProvider time) : LogListener(LogLevel.Information)
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
    protected override void Hear(LogLine line)
    {
        var at = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        var text = $"{at} {line.Level} {line.Category}[{line.Event}] {line.Text} {line.Exception}".TrimEnd();
        lock (_lock)
        {
            if (_lines.Count == LinesAtMost)
                _lines.Dequeue();
            _lines.Enqueue(text.Length > CharactersAtMost ? text[..CharactersAtMost] : text);
        }
    }
}
