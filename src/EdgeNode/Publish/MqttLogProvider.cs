using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Publish;

/// <summary>
/// Warnings and errors on the topic <c>log</c>: of each event the last one, once a second at most, with the number since the message
/// before. The lines of an outage are kept, folded like that, until the broker is back.
/// </summary>
internal sealed class MqttLogProvider : LogListener
{
    private const int EventsAtMost = 64;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Category, int Id), Entry> _waiting = [];
    private readonly MqttLink _link;
    private readonly MqttTopics _topics;
    private readonly NodeIdentity _identity;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <summary>Begins at once; disposing ends it.</summary>
    public MqttLogProvider(MqttLink link, MqttTopics topics, NodeIdentity identity, TimeProvider time)
        : base(LogLevel.Warning)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_link, _topics, _identity, _time) = (link, topics, identity, time);
        _timer = time.CreateTimer(_ => Flush(), null, s_every, s_every);
    }

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        if (_link.State != LinkState.Online)
            return;
        KeyValuePair<(string Category, int Id), Entry>[] entries;
        lock (_lock)
        {
            entries = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var ((category, id), entry) in entries)
        {
            var payload = LogMessage.Of(entry.Level, category, id, entry.Text, entry.Count, entry.At, _identity).ToBytes();
            _link.TryEnqueue(new MqttMessage(_topics.Log, payload, MessageClass.Report) { ContentType = MessageJson.ContentType });
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Hear(LogLine line)
    {
        var text = line.Exception is null ? line.Text : $"{line.Text} ({line.Exception.Message})";
        lock (_lock)
        {
            var key = (line.Category, line.Event);
            if (!_waiting.TryGetValue(key, out var entry) && _waiting.Count >= EventsAtMost)
                return; // so many different troubles are on the console and in the journal
            _waiting[key] = new Entry(line.Level, text, entry.Count + 1, _time.GetUtcNow());
        }
    }

    private readonly record struct Entry(LogLevel Level, string Text, long Count, DateTimeOffset At);
}
