namespace FaceLandmark.Mqtt;

/// <summary>
/// The pauses before a broker is asked again to take what it refused: doubling, capped. <see cref="IsOver"/> from one thread.
/// </summary>
internal sealed class RefusalPause(TimeProvider time, Action wake) : IDisposable
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private TimeSpan _next = s_first;
    private ITimer? _timer;
    private volatile bool _isOver;

    /// <summary>Begins a pause, if none is.</summary>
    public void Begin()
    {
        if (_timer is not null)
            return;
        _timer = time.CreateTimer(_ => End(), null, _next, Timeout.InfiniteTimeSpan);
        _next = _next * 2 < s_longest ? _next * 2 : s_longest;
    }

    /// <summary>Something that was refused is taken: the next pause is a short one.</summary>
    public void Shorten() => _next = s_first;

    /// <summary>Whether a pause has just come to its end; true once.</summary>
    public bool IsOver()
    {
        if (!_isOver)
            return false;
        _isOver = false;
        _timer?.Dispose();
        _timer = null;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void End()
    {
        _isOver = true;
        wake();
    }
}
