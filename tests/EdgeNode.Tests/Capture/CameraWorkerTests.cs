using FaceLandmark.Capture;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace FaceLandmark.Tests.Capture;

public sealed class CameraWorkerTests : CameraWorkerTest
{
    [Fact]
    public async Task A_file_delivers_every_frame_and_ends()
    {
        var source = new ScriptedSource(3, ScriptedSource.End, isLive: false);
        var worker = Worker(new ScriptedFactory(() => source));
        var before = Time.GetUtcNow();

        await worker.RunAsync(Stop.Token).WaitAsync(Test);

        Assert.Equal([(1, false), (2, false), (3, false)], Sink.Seen);
        Assert.Equal([CameraCondition.Opening, CameraCondition.Streaming, CameraCondition.Ended], Conditions());
        Assert.Equal(
            (CameraCondition.Ended, null, before, source.Info),
            (worker.Status.Condition, worker.Status.Cause, worker.Status.Since, worker.Status.Source)
        );
        Assert.True(source.Disposed.IsCompleted);
    }

    [Fact]
    public async Task A_file_that_fails_is_the_end_with_its_reason()
    {
        var worker = Worker(new ScriptedFactory(() => new ScriptedSource(1, ScriptedSource.Fail("Disk gone."), isLive: false)));

        var error = await Assert.ThrowsAsync<SourceException>(() => worker.RunAsync(Stop.Token));

        Assert.Equal("Disk gone.", error.Message);
        Assert.Equal((CameraCondition.Failed, "Disk gone."), (worker.Status.Condition, worker.Status.Cause));
    }

    [Fact]
    public async Task A_file_that_is_not_there_fails_at_once()
    {
        var factory = new FrameSourceFactory(Time, new FakeLogger<FrameSourceFactory>());
        var worker = Worker(factory, Live with { Source = "no-such.mp4" });

        await Assert.ThrowsAsync<SourceException>(() => worker.RunAsync(Stop.Token));
        Assert.Equal([CameraCondition.Opening, CameraCondition.Failed], Conditions());
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task Pauses_double_to_their_limit_and_begin_anew_after_a_frame()
    {
        Func<IFrameSource> fail = () => throw new SourceException("Not there.", CameraCondition.Unplugged);
        var factory = new ScriptedFactory(fail, fail, fail, fail, fail, () => new ScriptedSource(1, ScriptedSource.End), fail);
        var run = Worker(factory).RunAsync(Stop.Token);

        var pauses = new List<double>();
        var possible = Enumerable.Range(1, 7).Select(s => TimeSpan.FromSeconds(s)).Where(time => time != Live.StallAfter).ToList();
        while (pauses.Count < 8)
        {
            var pause = await Time.NextOfAsync(possible, Test);
            pauses.Add(pause.TotalSeconds);
            Time.Advance(pause);
        }

        await StopAsync(run);
        Assert.Equal([1, 2, 4, 7, 7, 1, 2, 4], pauses);
    }

    [Fact]
    public async Task What_went_wrong_stays_the_state_while_it_is_tried_again_and_is_logged_once_a_minute()
    {
        Func<IFrameSource> fail = () => throw new SourceException("Not there.", CameraCondition.Unplugged);
        var factory = new ScriptedFactory([.. Enumerable.Repeat(fail, 4), () => new ScriptedSource(2, ScriptedSource.Wait)]);
        var worker = Worker(factory, Live with { ReopenAfterAtMost = TimeSpan.FromSeconds(1) });
        var unplugged = Time.GetUtcNow();
        var run = worker.RunAsync(Stop.Token);

        for (var i = 0; i < 4; i++)
            await Time.PassAsync(TimeSpan.FromSeconds(1), Test);
        var status = await UntilAsync(CameraCondition.Unplugged);
        Assert.Equal((unplugged, "Not there."), (status.Since, status.Cause));
        status = await UntilAsync(CameraCondition.Streaming);
        Assert.Equal((unplugged + TimeSpan.FromSeconds(4), null), (status.Since, status.Cause));
        await StopAsync(run);

        Assert.Single(
            Log.Collector.GetSnapshot(),
            record => record.Level == LogLevel.Warning && record.Message.Contains("Not there.", StringComparison.Ordinal)
        );
        Assert.Single(Log.Collector.GetSnapshot(), record => record.Message.Contains("frames arrive again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_go_on_over_openings_and_every_frame_is_stamped()
    {
        var factory = new ScriptedFactory(
            () => new ScriptedSource(2, ScriptedSource.End),
            () => new ScriptedSource(2, ScriptedSource.Fail("x")),
            () => new ScriptedSource(1, ScriptedSource.Wait)
        );
        var start = Time.GetUtcNow();
        var run = Worker(factory).RunAsync(Stop.Token);

        await Time.PassAsync(Live.ReopenAfter, Test);
        await Time.PassAsync(Live.ReopenAfter, Test);
        await Sink.UntilAsync(5);
        await StopAsync(run);

        Assert.Equal([(1, true), (2, true), (3, true), (4, true), (5, true)], Sink.Seen);
        Assert.Equal([0, 0, 1, 1, 2], Sink.CapturedAt.Select(at => (at - start).TotalSeconds));
        Assert.Equal(2 * Time.TimestampFrequency, Sink.Timestamps[4] - Sink.Timestamps[0]);
    }

    [Fact]
    public async Task A_bounded_run_gives_up_when_the_first_opening_fails()
    {
        var worker = Worker(new ScriptedFactory(() => throw new SourceException("Not there.", CameraCondition.Unplugged)), giveUp: true);

        var error = await Assert.ThrowsAsync<SourceException>(() => worker.RunAsync(Stop.Token));

        Assert.Equal(CameraCondition.Unplugged, error.Condition);
        Assert.Equal(CameraCondition.Unplugged, worker.Status.Condition);
    }

    [Fact]
    public async Task A_bounded_run_that_had_a_frame_does_not_give_up()
    {
        var factory = new ScriptedFactory(
            () => new ScriptedSource(1, ScriptedSource.Fail("x")),
            () => new ScriptedSource(1, ScriptedSource.Wait)
        );
        var run = Worker(factory, giveUp: true).RunAsync(Stop.Token);

        await Time.PassAsync(Live.ReopenAfter, Test);
        await Sink.UntilAsync(2);
        await StopAsync(run);
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_one_of_the_source()
    {
        var factory = new ScriptedFactory(
            () => new ScriptedSource(0, _ => throw new InvalidDataException("odd")),
            () => new ScriptedSource(1, ScriptedSource.Wait)
        );
        var run = Worker(factory).RunAsync(Stop.Token);

        var failed = await UntilAsync(CameraCondition.Failed);
        Assert.Contains("odd", failed.Cause, StringComparison.Ordinal);
        await Time.PassAsync(Live.ReopenAfter, Test);
        await UntilAsync(CameraCondition.Streaming);
        await StopAsync(run);
        Assert.Contains(Log.Collector.GetSnapshot(), record => record.Exception is InvalidDataException);
    }

    [Fact]
    public async Task A_fault_of_the_sink_is_not_blamed_on_the_source()
    {
        var source = new ScriptedSource(1, ScriptedSource.Wait);
        Sink.Throws = new NotSupportedException("bug");

        await Assert.ThrowsAsync<NotSupportedException>(() => Worker(new ScriptedFactory(() => source)).RunAsync(Stop.Token));

        Assert.True(source.Disposed.IsCompleted);
    }

    [Fact]
    public async Task A_camera_that_grants_something_else_is_told_with_what_was_asked()
    {
        var source = new ScriptedSource(1, ScriptedSource.Wait)
        {
            Info = new()
            {
                Description = "/dev/video0",
                Width = 1280,
                Height = 720,
                Fps = 10,
                Layout = PixelLayout.Bgr,
                IsLive = true,
                Format = "MJPG",
                Offers = "MJPG 1280x720 at 10",
                DeviceSerial = "8A5F",
            },
        };
        var run = Worker(new ScriptedFactory(() => source)).RunAsync(Stop.Token);
        await UntilAsync(CameraCondition.Streaming);
        await StopAsync(run);

        var log = Log.Collector.GetSnapshot();
        Assert.Equal("cam0: '/dev/video0' is open: 1280x720 at 10 frames a second, Bgr, format MJPG, serial number 8A5F", log[0].Message);
        Assert.StartsWith("cam0: 640x480 at 30 frames a second in YUYV was requested", log[1].Message, StringComparison.Ordinal);
        Assert.EndsWith("to what it offers: MJPG 1280x720 at 10", log[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30.00003)] // as drivers count
    [InlineData(0)] // it tells none
    public async Task A_rate_that_is_nearly_the_one_asked_for_or_unknown_is_no_news(double fps)
    {
        var source = new ScriptedSource(1, ScriptedSource.Wait);
        source = new ScriptedSource(1, ScriptedSource.Wait)
        {
            Info = source.Info with { Width = 640, Height = 480, Fps = fps, Format = "YUYV" },
        };
        var run = Worker(new ScriptedFactory(() => source)).RunAsync(Stop.Token);
        await UntilAsync(CameraCondition.Streaming);
        await StopAsync(run);

        Assert.Single(Log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task What_the_driver_lost_and_how_old_a_frame_is_shows_in_its_number_and_time()
    {
        var given = 0;
        var source = new ScriptedSource(
            0,
            token =>
            {
                if (given++ > 0)
                    return ScriptedSource.Wait(token);
                var frame = Pool.Rent(4, 2, PixelLayout.Bgr);
                (frame.Age, frame.LostBefore, frame.DamagedBefore) = (TimeSpan.FromSeconds(2), 3, 1);
                return frame;
            }
        );
        var run = Worker(new ScriptedFactory(() => source)).RunAsync(Stop.Token);
        await UntilAsync(CameraCondition.Streaming);
        await StopAsync(run);

        Assert.Equal(5, Assert.Single(Sink.Seen).Sequence);
        Assert.Equal(Time.GetUtcNow() - TimeSpan.FromSeconds(2), Assert.Single(Sink.CapturedAt));
        Assert.Equal(TimeSpan.FromSeconds(2), Time.GetElapsedTime(Assert.Single(Sink.Timestamps)));
    }
}
