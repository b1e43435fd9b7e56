using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

public sealed class CameraWorkerStallTests : CameraWorkerTest
{
    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_stalled_source_is_left_behind_opened_again_and_silenced()
    {
        using var release = new ManualResetEventSlim();
        var hangs = new ScriptedSource(
            1,
            _ =>
            {
                release.Wait(Patience.Limit, CancellationToken.None);
                return Pool.Rent(4, 2, PixelLayout.Bgr);
            }
        );
        var factory = new ScriptedFactory(() => hangs, () => new ScriptedSource(2, ScriptedSource.Wait));
        var run = Worker(factory).RunAsync(Stop.Token);
        await UntilAsync(CameraCondition.Streaming);

        await Time.PassAsync(Live.StallAfter, Test);
        var stalled = await UntilAsync(CameraCondition.Stalled);
        Assert.Equal("'demo' has delivered nothing for 5 s; check its cable or connection.", stalled.Cause);
        Assert.Equal(1, factory.Count);
        await Time.PassAsync(Live.ReopenAfter, Test);
        await UntilAsync(CameraCondition.Streaming);
        await Sink.UntilAsync(3);

        release.Set();
        await hangs.Disposed.InTimeAsync();
        Assert.Equal([(1, true), (2, true), (3, true)], Sink.Seen);
        Assert.Equal(0, Pool.Outstanding);
        await StopAsync(run);
    }

    [Fact]
    public async Task A_source_that_comes_back_in_time_goes_on()
    {
        using var release = new ManualResetEventSlim();
        var given = 0;
        var factory = new ScriptedFactory(() =>
            new ScriptedSource(
                1,
                token =>
                {
                    if (given++ > 0)
                        return ScriptedSource.Wait(token);
                    release.Wait(Patience.Limit, token);
                    return Pool.Rent(4, 2, PixelLayout.Bgr);
                }
            )
        );
        var run = Worker(factory).RunAsync(Stop.Token);
        await UntilAsync(CameraCondition.Streaming);
        await Time.PassAsync(Live.StallAfter, Test);
        await UntilAsync(CameraCondition.Stalled);

        release.Set();

        await UntilAsync(CameraCondition.Streaming);
        Assert.Equal(1, factory.Count);
        await StopAsync(run);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_driver_that_never_comes_back_gets_four_threads_and_no_more()
    {
        using var release = new ManualResetEventSlim();
        var factory = new ScriptedFactory(() =>
        {
            release.Wait(Patience.Limit);
            return new ScriptedSource(1, ScriptedSource.Wait);
        });
        var run = Worker(factory).RunAsync(Stop.Token);
        foreach (var grace in new[] { 1, 2, 4, 7 })
        {
            await factory.Openings.ReadAsync(Test);
            await Time.PassAsync(TimeSpan.FromSeconds(30), Test);
            await Time.PassAsync(TimeSpan.FromSeconds(grace), Test);
        }

        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(4, factory.Count);

        release.Set();
        await UntilAsync(CameraCondition.Streaming);
        await Sink.UntilAsync(1); // the frame follows its status
        Assert.Equal(5, factory.Count);
        Assert.Single(Sink.Seen);
        await StopAsync(run);
    }

    [Fact]
    public async Task Cancelling_is_no_failure_and_disposes_the_source()
    {
        var source = new ScriptedSource(1, ScriptedSource.Wait);
        var worker = Worker(new ScriptedFactory(() => source));
        var run = worker.RunAsync(Stop.Token);
        await UntilAsync(CameraCondition.Streaming);

        await StopAsync(run);

        Assert.True(source.Disposed.IsCompleted);
        Assert.Equal(CameraCondition.Streaming, worker.Status.Condition);
    }

    [Fact]
    public async Task Cancelling_does_not_wait_for_a_driver_that_hangs()
    {
        using var release = new ManualResetEventSlim();
        var source = new ScriptedSource(
            0,
            _ =>
            {
                release.Wait(Patience.Limit, CancellationToken.None);
                return Pool.Rent(4, 2, PixelLayout.Bgr);
            }
        );
        var factory = new ScriptedFactory(() => source);
        var run = Worker(factory).RunAsync(Stop.Token);
        await factory.Openings.ReadAsync(Test);

        await Stop.CancelAsync();
        await Time.PassAsync(TimeSpan.FromSeconds(2), Test);
        await run.InTimeAsync();

        release.Set();
        await source.Disposed.InTimeAsync();
        Assert.Empty(Sink.Seen);
    }
}
