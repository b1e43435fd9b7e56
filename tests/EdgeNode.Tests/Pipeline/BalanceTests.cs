using FaceLandmark.Pipeline;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>How <c>balance</c> shares frames out to engines of unequal speed.</summary>
public sealed class BalanceTests
{
    private const double AsFastAsItGoes = 0.25;
    private const double Camera = 33.25;

    [Theory]
    [InlineData(5.0, 5.0)]
    [InlineData(5.0, 6.25)]
    [InlineData(1.75, 5.0)]
    [InlineData(18.0, 5.0)]
    [InlineData(19.5, 5.0)]
    [InlineData(60.0, 20.0)]
    [InlineData(10.0, 6.0, 20.0)]
    public void All_engines_together_are_as_fast_as_their_sum(params double[] services)
    {
        using var simulation = new BalanceSimulation(AsFastAsItGoes, services);
        simulation.Run(500);
        simulation.Run(5000);
        Assert.InRange(simulation.Rate, 0.96 * services.Sum(service => 1000 / service), services.Sum(service => 1001 / service));
    }

    [Theory]
    [InlineData(150, 8)]
    [InlineData(30, 5)]
    public void An_engine_that_would_hold_back_the_results_of_the_other_gets_no_frames(double slow, double fast)
    {
        using var simulation = new BalanceSimulation(AsFastAsItGoes, slow, fast);
        simulation.Run(500);
        simulation.Run(5000);
        Assert.All(simulation.Results, result => Assert.Equal(DispatchMode.Drpai, result.By));
        Assert.InRange(simulation.Rate, 0.97 * 1000 / fast, 1001 / fast);
        Assert.InRange(simulation.Results.Max(result => result.Age), 0, 5 * fast);
        Assert.Equal(["Drpai"], simulation.Status.InUse);
    }

    [Theory]
    [InlineData(18, 5)]
    [InlineData(150, 8)]
    public void Frames_that_come_slower_than_the_fastest_engine_takes_all_go_there(double slow, double fast)
    {
        using var simulation = new BalanceSimulation(Camera, slow, fast);
        simulation.Run(500);
        simulation.Run(3000);
        Assert.All(simulation.Results, result => Assert.Equal(DispatchMode.Drpai, result.By));
        Assert.All(simulation.Results, result => Assert.InRange(result.Age, fast, fast + 0.5));
    }

    [Fact]
    public void An_engine_that_is_no_longer_too_slow_gets_frames_again()
    {
        using var simulation = new BalanceSimulation(AsFastAsItGoes, 100, 5);
        simulation.Run(1000);
        simulation.Take(engine: 0, service: 10);
        simulation.Run(11_000); // within ten seconds it is tried
        simulation.Run(1000);
        Assert.InRange(simulation.Rate, 0.96 * 300, 301);
        Assert.Equal(["Cpu", "Drpai"], simulation.Status.InUse);
    }

    [Fact]
    public void An_engine_that_was_too_slow_gets_the_frames_when_the_fast_one_hangs_and_gives_them_back()
    {
        using var simulation = new BalanceSimulation(AsFastAsItGoes, 100, 5);
        simulation.Run(1000);
        simulation.Take(engine: 1, service: 10_000);
        simulation.Run(5000); // two of the frames hang, and the results of the other engine wait for them until the order gives them up
        Assert.InRange(simulation.Results.Count(result => result.By == DispatchMode.Cpu), 30, 50);
        Assert.Equal(["Cpu"], simulation.Status.InUse);

        simulation.Take(engine: 1, service: 5);
        simulation.Run(30_000); // what hangs comes back, and within ten seconds the engine is tried
        simulation.Run(1000);
        Assert.Equal(["Drpai"], simulation.Status.InUse);
        Assert.InRange(simulation.Rate, 0.97 * 200, 201);
    }
}
