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
        while (await _set.Reader.ReadAsync(cancellationToken).InTimeAsync("a timer is set") != time)
            ;
        Advance(time);
    }

    /// <summary>Moves the clock on by what each timer is set for, until this has ended.</summary>
    public async Task<T> PassUntilAsync<T>(Task<T> waited, CancellationToken cancellationToken)
    {
        while (
            await Task.WhenAny(waited, _set.Reader.WaitToReadAsync(cancellationToken).AsTask()).InTimeAsync("a timer is set, or the end")
            != waited
        )
        {
            if (_set.Reader.TryRead(out var time) && time > TimeSpan.Zero)
                Advance(time);
        }

        return await waited;
    }

    /// <summary>The next timer set for one of these times.</summary>
    public async Task<TimeSpan> NextOfAsync(IReadOnlyCollection<TimeSpan> times, CancellationToken cancellationToken)
    {
        while (true)
        {
            var time = await _set.Reader.ReadAsync(cancellationToken).InTimeAsync("a timer is set");
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
