using System.Threading.Channels;
using FaceLandmark.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Messages that are to arrive: written to disk by a thread of its own, sent by the link in order, removed when the broker has them. A message
/// may arrive twice, never in a wrong order. Bounded: the oldest goes first, counted. Thread-safe; adding never waits for the disk.
/// </summary>
public sealed class Outbox : IAsyncDisposable
{
    private const int ReadAhead = 32;
    private static readonly TimeSpan s_complainEvery = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly OutboxOptions _options;
    private readonly OutboxFile _file;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<OutboxEntry> _incoming;
    private readonly Queue<OutboxEntry> _ahead = new();
    private readonly Task _writer;
    private long? _complainedAt;
    private long _lastRead;

    /// <summary>Opens the file.</summary>
    /// <exception cref="OutboxException">It can't be used.</exception>
    public Outbox(OutboxOptions options, NodeMetrics metrics, TimeProvider time, ILogger<Outbox> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        (_options, _metrics, _time, _logger) = (options, metrics, time, logger);
        _file = new OutboxFile(options.File);
        if (_file.Count > 0)
            logger.OutboxHasBacklog(_file.Count, options.File);
        _incoming = Channel.CreateBounded<OutboxEntry>(
            new BoundedChannelOptions(Math.Min(1024, options.MaxMessages)) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.Dropped(DropReason.Outbox, DropReason.QueueFull));
        metrics.WatchQueue(DropReason.Outbox, () => (int)Math.Min(int.MaxValue, Count + _incoming.Reader.Count));
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Messages on disk.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
                return _file.Count;
        }
    }

    /// <summary>Called after messages came to the disk.</summary>
    internal Action? Stored { get; set; }

    /// <summary>Hands a message over; the payload is copied.</summary>
    public void Add(string topic, ReadOnlySpan<byte> payload, string contentType)
    {
        if (!_incoming.Writer.TryWrite(new OutboxEntry(0, topic, contentType, payload.ToArray())))
            _metrics.Dropped(DropReason.Outbox, DropReason.Stopping);
    }

    /// <summary>Takes nothing more, and returns when all is on disk.</summary>
    public Task CompleteAsync()
    {
        _incoming.Writer.TryComplete();
        return _writer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CompleteAsync();
        lock (_lock)
            _file.Dispose();
    }

    /// <summary>The oldest message, or null.</summary>
    internal OutboxEntry? Peek()
    {
        lock (_lock)
        {
            if (_ahead.Count == 0 && _file.Count > 0)
                Guarded(() =>
                {
                    foreach (var entry in _file.Read(_lastRead, ReadAhead))
                        _ahead.Enqueue(entry);
                });
            return _ahead.TryPeek(out var first) ? first : null;
        }
    }

    /// <summary>The broker has it.</summary>
    internal void Remove(OutboxEntry entry)
    {
        lock (_lock)
        {
            if (_ahead.TryPeek(out var first) && first.Id == entry.Id)
                _ahead.Dequeue();
            _lastRead = Math.Max(_lastRead, entry.Id); // should the disk refuse, it is at least not sent twice by this run
            Guarded(() => _file.Remove(entry.Id));
        }
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
            {
                if (!Guarded(() => _file.Append(batch)))
                    _metrics.Dropped(DropReason.Outbox, DropReason.DiskFault, batch.Count);
                if (_file.Count > _options.MaxMessages)
                    Guarded(DropOldest);
            }

            Stored?.Invoke();
        }
    }

    private void DropOldest()
    {
        var surplus = _file.Count - _options.MaxMessages;
        _file.RemoveOldest(surplus);
        _metrics.Dropped(DropReason.Outbox, DropReason.QueueFull, surplus);
        for (var i = 0L; i < surplus && _ahead.Count > 0; i++)
            _ahead.Dequeue();
    }

    private bool Guarded(Action access)
    {
        try
        {
            access();
            return true;
        }
        catch (SqliteException failure)
        {
            if (_complainedAt is not { } at || _time.GetElapsedTime(at) > s_complainEvery)
            {
                _complainedAt = _time.GetTimestamp();
                _logger.OutboxFailed(_options.File, failure.Message);
            }

            return false;
        }
    }
}
