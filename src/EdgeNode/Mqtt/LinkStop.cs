namespace FaceLandmark.Mqtt;

/// <summary>
/// The end of the link: within a deadline what waits is sent, and behind it the goodbye. What is on disk can wait for the next start and so
/// has half of the time; messages have three quarters; the rest is the goodbye's.
/// </summary>
internal sealed class LinkStop(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, time);
    private ITimer? _stored;
    private ITimer? _queued;
    private volatile bool _storedIsOver;
    private volatile bool _queuedIsOver;

    /// <summary>Cancelled when the stop is asked for: no further connection is made.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Cancelled at the deadline: whatever is under way is given up.</summary>
    public CancellationToken Abort => _abort.Token;

    /// <summary>Whether the stop is asked for.</summary>
    public bool IsAsked => _asked.IsCancellationRequested;

    /// <summary>Whether the outbox has had its time.</summary>
    public bool StoredIsOver => _storedIsOver;

    /// <summary>Whether all messages have had their time.</summary>
    public bool QueuedIsOver => _queuedIsOver;

    /// <summary>Begins it.</summary>
    /// <param name="deadline">When the link must be gone.</param>
    /// <param name="wake">Called when a time is over, and at once.</param>
    public async Task BeginAsync(TimeSpan deadline, Action wake)
    {
        _stored = time.CreateTimer(_ => End(() => _storedIsOver = true), null, deadline / 2, Timeout.InfiniteTimeSpan);
        _queued = time.CreateTimer(_ => End(() => _queuedIsOver = true), null, deadline * 0.75, Timeout.InfiniteTimeSpan);
        _abort.CancelAfter(deadline);
        await _asked.CancelAsync();
        wake();

        void End(Action mark)
        {
            mark();
            wake();
        }
    }

    /// <summary>Gives everything up at once.</summary>
    public async Task BreakOffAsync(Action wake)
    {
        await _abort.CancelAsync();
        await _asked.CancelAsync();
        wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stored?.Dispose();
        _queued?.Dispose();
        _asked.Dispose();
        _abort.Dispose();
    }
}
