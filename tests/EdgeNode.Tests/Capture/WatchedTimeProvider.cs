using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Capture;

/// <summary>A clock that is moved by hand and tells which timers were set, so that a test knows when it may be moved.</summary>
internal sealed class WatchedTimeProvider : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(base.CreateTimer(callback, state, dueTime, period), _set.Writer);
        _set.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer is set for exactly this time, then moves the clock so far.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        while (await _set.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellationToken) != time)
            ;
        Advance(time);
    }

    /// <summary>The next timer set for one of these times.</summary>
    public async Task<TimeSpan> NextOfAsync(IReadOnlyCollection<TimeSpan> times, CancellationToken cancellationToken)
    {
        while (true)
        {
            var time = await _set.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            if (times.Contains(time))
                return time;
        }
    }

    private sealed class WatchedTimer(ITimer timer, ChannelWriter<TimeSpan> set) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isSet = timer.Change(dueTime, period);
            set.TryWrite(dueTime);
            return isSet;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
