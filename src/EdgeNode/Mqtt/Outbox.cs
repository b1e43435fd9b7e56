using System.Threading.Channels;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Messages that are to arrive: written to disk by a thread of its own, sent by the link in order, removed when the broker has them. A
/// message may arrive twice, never in a wrong order. Bounded: the oldest goes first, counted. While the disk takes nothing they wait in
/// memory and are sent all the same. Thread-safe; adding never waits for the disk.
/// </summary>
internal sealed class Outbox : IAsyncDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly OutboxStore _store;
    private readonly NodeMetrics _metrics;
    private readonly Channel<OutboxEntry> _incoming;
    private readonly ITimer _look;
    private readonly Task _writer;
    private readonly string _file;

    /// <summary>Opens the file.</summary>
    /// <exception cref="OutboxException">It cannot be used, and only a person can change that.</exception>
    public Outbox(OutboxOptions options, NodeMetrics metrics, TimeProvider time, ILogger<Outbox> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(time);
        (_metrics, _file) = (metrics, options.File);
        _store = new OutboxStore(options, metrics, time, logger);
        Patience = new RefusalPatience(options.RefusedAtMost, time);
        _incoming = Channel.CreateBounded<OutboxEntry>(
            new BoundedChannelOptions(Math.Min(1024, options.MaxMessages))
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
            },
            _ => metrics.Dropped(DropPlace.Outbox, DropReason.QueueFull)
        );
        metrics.WatchQueue("outbox", () => (int)Math.Min(int.MaxValue, Count + _incoming.Reader.Count));
        _writer = Task.Run(WriteAsync);
        _look = time.CreateTimer(_ => TryAgain(), null, s_lookEvery, s_lookEvery);
    }

    /// <summary>Messages that wait.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
                return _store.Count;
        }
    }

    /// <summary>What is wrong, a sentence; null while all is well.</summary>
    public string? Trouble
    {
        get
        {
            lock (_lock)
                return _store.IsFailing ? $"The outbox '{_file}' cannot be written: messages for the broker wait in memory only." : null;
        }
    }

    /// <summary>How long the broker may refuse messages; used by the link's loop.</summary>
    internal RefusalPatience Patience { get; }

    /// <summary>Called after messages came.</summary>
    internal Action? Stored { get; set; }

    /// <summary>Hands a message over; the payload is copied.</summary>
    public void Add(in MqttMessage message)
    {
        if (!_incoming.Writer.TryWrite(new OutboxEntry(0, message.Topic, message.ContentType ?? "", message.Payload.ToArray())))
            _metrics.Dropped(DropPlace.Outbox, DropReason.Stopping);
    }

    /// <summary>Takes nothing more, and returns when all is on disk, or in memory where the disk takes nothing.</summary>
    public Task CompleteAsync()
    {
        _incoming.Writer.TryComplete();
        return _writer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CompleteAsync();
        await _look.DisposeAsync();
        lock (_lock)
            _store.Dispose();
    }

    /// <summary>Whether a message can be taken.</summary>
    internal bool HasNext()
    {
        lock (_lock)
            return _store.HasNext();
    }

    /// <summary>Takes the oldest message that is not taken; null: there is none.</summary>
    internal OutboxEntry? Next()
    {
        lock (_lock)
            return _store.Next();
    }

    /// <summary>The broker has it, or it is given up.</summary>
    internal void Remove(OutboxEntry entry)
    {
        lock (_lock)
            _store.Remove(entry);
    }

    /// <summary>What was taken and not removed can be taken again.</summary>
    internal void Rewind()
    {
        lock (_lock)
            _store.Rewind();
    }

    private async Task WriteAsync()
    {
        var batch = new List<OutboxEntry>();
        while (await _incoming.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < 256 && _incoming.Reader.TryRead(out var entry))
                batch.Add(entry);
            lock (_lock)
                _store.Add(batch);
            Stored?.Invoke();
        }
    }

    private void TryAgain()
    {
        lock (_lock)
            _store.TryAgain();
    }
}
