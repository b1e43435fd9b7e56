using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class ReconnectPauseTests
{
    [Theory]
    [InlineData(0, 1.0, 0.5)]
    [InlineData(1, 1.0, 1)]
    [InlineData(3, 1.0, 4)]
    [InlineData(3, 0.0, 2)]
    [InlineData(5, 1.0, 15)]
    [InlineData(5, 0.0, 7.5)]
    [InlineData(int.MaxValue, 0.5, 11.25)]
    public void Pauses_double_up_to_the_cap_and_are_jittered_by_half(int attempt, double random, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            ReconnectPause.Of(attempt, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15), random)
        );
}
