using System.Diagnostics;
using FaceLandmark.Platform;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Platform;

public sealed class FineTimersTests
{
    private static readonly TimeProvider s_fine = FineTimers.Of(TimeProvider.System);

    [Fact]
    public void A_timer_waits_for_parts_of_a_millisecond()
    {
        var wait = TimeSpan.FromMilliseconds(0.3);
        using var fired = new AutoResetEvent(initialState: false);
        var at = 0L;
        using var timer = s_fine.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var waited = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.True(timer.Change(wait, Timeout.InfiniteTimeSpan));
            Assert.True(fired.WaitOne(TimeSpan.FromMinutes(1)));
            waited.Add(Stopwatch.GetElapsedTime(began, Volatile.Read(ref at)).TotalMilliseconds);
        }

        Assert.InRange(waited.Min(), 0.3, 1); // the shortest, as the machine may be busy

        void Fire()
        {
            Volatile.Write(ref at, Stopwatch.GetTimestamp());
            fired.Set();
        }
    }

    [Fact]
    public async Task The_last_change_counts_and_a_timer_fires_once()
    {
        var fired = 0;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = s_fine.CreateTimer(_ => Fire(), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        Assert.True(timer.Change(TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan));
        Assert.True(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        await first.Task.InTimeAsync();

        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var other = s_fine.CreateTimer(_ => second.SetResult(), null, TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);
        await second.Task.InTimeAsync();
        Assert.Equal(1, Volatile.Read(ref fired));

        void Fire()
        {
            Interlocked.Increment(ref fired);
            first.TrySetResult();
        }
    }

    [Fact]
    public void A_timer_that_was_disposed_of_cannot_be_set()
    {
        var timer = s_fine.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_period_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => s_fine.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.FromSeconds(1)));

    [Fact]
    public void Another_clock_keeps_its_timers()
    {
        var time = new FakeTimeProvider();
        Assert.Same(time, FineTimers.Of(time));
    }
}
