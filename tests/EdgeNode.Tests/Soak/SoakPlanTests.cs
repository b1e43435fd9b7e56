using FaceLandmark.Soak;

namespace FaceLandmark.Tests.Soak;

/// <summary>Which faults a seed makes.</summary>
public sealed class SoakPlanTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_seed_gives_one_plan_and_another_seed_another()
    {
        Assert.Equal(SoakPlan.Of(7, s_hour, 2), SoakPlan.Of(7, s_hour, 2));
        Assert.NotEqual(SoakPlan.Of(7, s_hour, 2), SoakPlan.Of(8, s_hour, 2));
    }

    [Fact]
    public void The_first_fault_of_a_seed_is_the_same_on_every_machine()
    {
        var first = SoakPlan.Of(1, TimeSpan.FromMinutes(1), 2)[0];
        var again = SoakPlan.Of(1, TimeSpan.FromMinutes(1), 2)[0];
        Assert.Equal(first, again);
        // SplitMix64 with the seed 0 begins with 0xE220A8397B1DCDAF, as its authors publish it.
        Assert.Equal(0xE220A8397B1DCDAF >> 11, new SeededNumbers(0).Between(0, 1UL << 53));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(7200)]
    public void Every_kind_comes_and_those_of_one_part_follow_each_other_between_calm_ends(int seconds)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var plan = SoakPlan.Of(seed, TimeSpan.FromSeconds(seconds), 2);
            Assert.Equal(Enum.GetValues<SoakFaultKind>().Order(), plan.Select(fault => fault.Kind).Distinct().Order());
            var calm = Math.Min(seconds * 0.1, 60);
            Assert.All(plan, fault => Assert.InRange(fault.At.TotalSeconds, calm, seconds));
            Assert.All(plan, fault => Assert.InRange(fault.End.TotalSeconds, calm, seconds - calm));
            Assert.All(plan, fault => Assert.InRange(fault.Camera, 0, SoakPlan.Cameras.Contains(fault.Kind) ? 1 : 0));
            foreach (var track in (IReadOnlyList<SoakFaultKind>[])[SoakPlan.Cameras, SoakPlan.Engines, SoakPlan.Broker])
            {
                var own = plan.Where(fault => track.Contains(fault.Kind)).ToList();
                Assert.All(own.Zip(own.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.At));
            }
        }
    }
}
