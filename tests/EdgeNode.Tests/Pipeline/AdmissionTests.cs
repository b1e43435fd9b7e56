using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Pipeline;

public sealed class AdmissionTests
{
    [Theory]
    [InlineData(45, 33.25, 3, 1)] // a camera a little faster than the engine
    [InlineData(40, 39, 2, 1)]
    [InlineData(12, 2, 1, 0.5)]
    [InlineData(4, 1, 0.5, 0.5)]
    public void Frames_of_a_source_faster_than_the_engine_are_fresh_and_the_engine_never_waits(
        double service,
        double every,
        double before,
        double after
    )
    {
        using var simulation = new AdmissionSimulation(service, every, before, after);
        simulation.Run(frames: 300);
        Assert.InRange(simulation.MedianAge, 0, 2.2 * service);
        Assert.InRange(simulation.Busy, 0.98, 1);
    }

    [Theory]
    [InlineData(3, 9, 15, 300, 2.2)]
    [InlineData(1, 12, 100, 400, 1.25)] // one frame that comes late to the engine leaves the hundred after it fresh
    public void A_step_before_the_engine_that_is_slow_now_and_then_lets_the_engine_wait_no_longer_than_a_fiftieth_of_the_time(
        double every,
        double slow,
        int slowEvery,
        int frames,
        double services
    )
    {
        using var simulation = new AdmissionSimulation(service: 12, every, before: 1, after: 0.5)
        {
            SlowBefore = slow,
            SlowEvery = slowEvery,
        };
        simulation.Run(frames);
        Assert.InRange(simulation.MedianAge, 0, services * 12);
        Assert.InRange(simulation.Busy, 0.98, 1);
    }

    [Fact]
    public void Below_saturation_no_frame_waits_for_another_and_none_is_dropped()
    {
        using var simulation = new AdmissionSimulation(service: 20, every: 33.25, before: 2, after: 1);
        simulation.Run(frames: 300);
        Assert.All(simulation.Ages, age => Assert.InRange(age, 23, 23.5)); // the steps of the clock
        Assert.Equal(0, simulation.Dropped);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task While_the_engine_is_at_work_a_live_frame_waits_for_a_newer_one_and_that_of_a_file_does_not(bool isLive, bool enters)
    {
        var time = new FakeTimeProvider();
        var works = new FrameWorkPool(1, 98);
        using var pool = new FramePool();
        var output = new BufferBlock<FrameWork>();
        var admission = new Admission(places: 2, isPaced: true, time);
        var camera = new CameraLane(0, "cam0", "session", new FixedLocator());
        var gate = new FlowLimiter(camera, 3, admission, output, new FrameBudget(), works.Rent, TestMetrics.Create());
        await OfferAsync();
        await OfferAsync();
        var first = await output.ReceiveAsync(TestContext.Current.CancellationToken);
        await output.ReceiveAsync(TestContext.Current.CancellationToken);
        first.PreparedAt = time.GetTimestamp();
        time.Advance(TimeSpan.FromMilliseconds(20));
        (first.InferredAt, first.Times.Inference) = (time.GetTimestamp(), 20);
        admission.Leave(first); // the second has the engine now, for as long

        await OfferAsync();
        Assert.Equal(enters, output.TryReceive(out _));
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(!enters, output.TryReceive(out _));

        Task OfferAsync() => Task.Run(() => gate.Offer(pool.Rent(16, 16, PixelLayout.Yuy2), isLive, CancellationToken.None)).InTimeAsync();
    }

    [Fact]
    public void Cameras_that_share_an_engine_have_the_same_share_and_fresh_frames()
    {
        using var simulation = new AdmissionSimulation(service: 20, every: 33.25, before: 2, after: 1, cameras: 4);
        simulation.Run(frames: 400);
        Assert.All(simulation.ByCamera, count => Assert.InRange(count, 98, 102));
        Assert.InRange(simulation.MedianAge, 0, 2.2 * 20);
        Assert.InRange(simulation.Busy, 0.98, 1);
    }
}
