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

    [Fact]
    public void A_step_before_the_engine_that_is_slow_now_and_then_lets_the_engine_wait_no_longer_than_a_fiftieth_of_the_time()
    {
        using var simulation = new AdmissionSimulation(service: 12, every: 3, before: 1, after: 0.5) { SlowBefore = 9, SlowEvery = 15 };
        simulation.Run(frames: 300);
        Assert.InRange(simulation.MedianAge, 0, 2.2 * 12);
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
