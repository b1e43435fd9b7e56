using FaceLandmark.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Mqtt;

/// <summary>
/// What waits in the outbox, in order: on disk, and behind it in memory while the disk takes nothing. A file that is damaged is set aside,
/// one that is full is tried again. One thread at a time.
/// </summary>
internal sealed class OutboxStore : IDisposable
{
    private const int ReadAhead = 32;
    private const int MemoryAtMost = 1024;
    private static readonly TimeSpan s_tryAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_complainEvery = TimeSpan.FromMinutes(1);
    private readonly OutboxOptions _options;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Queue<OutboxEntry> _ahead = new();
    private readonly LinkedList<OutboxEntry> _memory = new();
    private readonly HashSet<OutboxEntry> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<long> _undeleted = [];
    private OutboxFile? _file;
    private long _lastTaken;
    private long _lastRead;
    private long? _failingSince;
    private long _triedAt;
    private long? _complainedAt;
    private long? _unreadableAt;

    /// <summary>Opens the file.</summary>
    /// <exception cref="OutboxException">It cannot be used, and only a person can change that.</exception>
    public OutboxStore(OutboxOptions options, NodeMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_options, _metrics, _time, _logger) = (options, metrics, time, logger);
        try
        {
            Open();
        }
        catch (Exception failure) when (OutboxFile.IsDisk(failure))
        {
            Fail(failure);
        }
        catch (Exception failure) when (OutboxFile.IsFailure(failure))
        {
            throw new OutboxException(
                OutboxFile.IsInUse(failure)
                    ? $"The outbox '{options.File}' is in use by another node: give every node an Outbox:File of its own."
                    : $"The outbox '{options.File}' cannot be used ({failure.Message}): check Outbox:File, its permissions and the disk.",
                failure
            );
        }

        if (_file?.Count > 0)
            logger.OutboxHasBacklog(_file.Count, options.File);
    }

    /// <summary>Messages that wait.</summary>
    public long Count => (_file?.Count ?? 0) - _undeleted.Count + _memory.Count;

    /// <summary>Whether the disk takes nothing now.</summary>
    public bool IsFailing => _failingSince is not null;

    /// <summary>Whether one can be taken.</summary>
    public bool HasNext() => _ahead.Count > 0 || Fill() || NextInMemory() is not null;

    /// <summary>Takes the oldest that is not taken.</summary>
    public OutboxEntry? Next()
    {
        OutboxEntry? entry = null;
        if (_ahead.Count > 0 || Fill())
        {
            entry = _ahead.Dequeue();
            _lastTaken = entry.Id;
        }
        else
        {
            entry = NextInMemory();
        }

        if (entry is not null)
            _taken.Add(entry);
        return entry;
    }

    /// <summary>One that was taken is done with.</summary>
    public void Remove(OutboxEntry entry)
    {
        if (!_taken.Remove(entry))
            return; // of a file that was set aside meanwhile
        if (entry.Id == 0)
            _memory.Remove(entry);
        else
            _undeleted.Add(entry.Id);
        Delete();
    }

    /// <summary>What was taken and not removed can be taken again, in order.</summary>
    public void Rewind()
    {
        var first = _taken.Where(entry => entry.Id > 0).Select(entry => entry.Id).DefaultIfEmpty(_lastTaken + 1).Min();
        _taken.Clear();
        _ahead.Clear();
        _lastTaken = _lastRead = first - 1;
    }

    /// <summary>Adds messages: to the disk, or else to memory; the oldest go beyond the bound.</summary>
    public void Add(IReadOnlyList<OutboxEntry> batch)
    {
        foreach (var entry in batch)
            _memory.AddLast(entry);
        Save();
        var surplus = Count - _options.MaxMessages;
        if (surplus > 0)
            DropOldest(surplus);
        for (; _memory.Count > MemoryAtMost && IsFailing; _metrics.Dropped(DropPlace.Outbox, DropReason.DiskFault))
            _memory.Remove(_memory.First(entry => !_taken.Contains(entry)));
    }

    /// <summary>Tries the disk again, if it is time.</summary>
    public void TryAgain()
    {
        if (IsFailing)
            Save();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Save(evenIfEarly: true);
        if (_memory.Count > 0)
            _metrics.Dropped(DropPlace.Outbox, DropReason.DiskFault, _memory.Count);
        _file?.Dispose();
    }

    private OutboxEntry? NextInMemory() => _memory.FirstOrDefault(entry => !_taken.Contains(entry));

    // What is under way stays in memory: on disk it would come behind what is newer.
    private void Save(bool evenIfEarly = false)
    {
        if (_memory.Count == 0 && !IsFailing)
            return;
        if (IsFailing && !evenIfEarly && _time.GetElapsedTime(_triedAt) < s_tryAgainAfter)
            return;
        if (_memory.Count > 0 && _taken.Any(entry => entry.Id == 0))
            return;
        _triedAt = _time.GetTimestamp();
        Guarded(file =>
        {
            DeleteFrom(file);
            if (_memory.Count > 0)
                file.Append(_memory);
            var saved = _memory.Count;
            _memory.Clear();
            if (_failingSince is { } since)
                _logger.OutboxRecovered(_options.File, _time.GetElapsedTime(since).TotalSeconds, saved);
            (_failingSince, _complainedAt) = (null, null);
        });
    }

    private bool Fill()
    {
        if (_file is null || _file.Count - _undeleted.Count - _taken.Count(entry => entry.Id > 0) <= 0)
            return false;
        if (_unreadableAt is { } at && _time.GetElapsedTime(at) < s_tryAgainAfter)
            return false;
        _unreadableAt = _time.GetTimestamp();
        Guarded(file =>
        {
            List<OutboxEntry> read;
            do
            {
                read = file.Read(_lastRead, ReadAhead);
                foreach (var entry in read)
                {
                    _lastRead = entry.Id;
                    if (!_undeleted.Contains(entry.Id)) // sent, and only kept because the disk takes no change
                        _ahead.Enqueue(entry);
                }
            } while (_ahead.Count == 0 && read.Count == ReadAhead);
            _unreadableAt = null;
        });
        return _ahead.Count > 0;
    }

    private void Delete()
    {
        if (_undeleted.Count > 0 && !IsFailing)
            Guarded(DeleteFrom);
    }

    private void DeleteFrom(OutboxFile file)
    {
        file.Remove(_undeleted);
        _undeleted.Clear();
    }

    private void DropOldest(long surplus)
    {
        Guarded(file =>
        {
            var removed = file.RemoveOldest(surplus, _lastTaken);
            surplus -= removed;
            _metrics.Dropped(DropPlace.Outbox, DropReason.QueueFull, removed);
            _ahead.Clear();
            _lastRead = _lastTaken;
        });
        for (; surplus > 0 && NextInMemory() is { } oldest; surplus--)
        {
            _memory.Remove(oldest);
            _metrics.Dropped(DropPlace.Outbox, DropReason.QueueFull);
        }
    }

    private void Open()
    {
        try
        {
            _file = new OutboxFile(_options.File);
        }
        catch (Exception damage) when (OutboxFile.IsDamage(damage))
        {
            BeginAnew(damage);
        }
    }

    private void BeginAnew(Exception damage)
    {
        _file?.Dispose();
        _file = null;
        var kept = OutboxFile.SetAside(_options.File, _time.GetUtcNow());
        _logger.OutboxSetAside(_options.File, damage.Message, kept);
        _ahead.Clear();
        _undeleted.Clear();
        _taken.RemoveWhere(entry => entry.Id > 0);
        (_lastTaken, _lastRead) = (0, 0);
        _file = new OutboxFile(_options.File);
    }

    private void Guarded(Action<OutboxFile> access)
    {
        try
        {
            if (_file is null)
                Open();
            access(_file!);
        }
        catch (Exception damage) when (OutboxFile.IsDamage(damage))
        {
            Repair(damage);
        }
        catch (Exception failure) when (OutboxFile.IsFailure(failure))
        {
            Fail(failure);
        }
    }

    private void Repair(Exception damage)
    {
        try
        {
            BeginAnew(damage);
        }
        catch (Exception failure) when (OutboxFile.IsFailure(failure))
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        _failingSince ??= _time.GetTimestamp();
        _triedAt = _time.GetTimestamp();
        if (_complainedAt is { } at && _time.GetElapsedTime(at) <= s_complainEvery)
            return;
        _complainedAt = _time.GetTimestamp();
        _logger.OutboxFailed(_options.File, failure.Message);
    }
}
