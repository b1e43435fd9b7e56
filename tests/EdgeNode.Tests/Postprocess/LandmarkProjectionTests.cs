using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class LandmarkProjectionTests
{
    [Fact]
    public void Fractions_of_the_region_become_pixels_of_the_frame()
    {
        var points = new float[8];

        Assert.True(LandmarkProjection.Project([0, 0, 1, 1, 0.5f, 0.25f, -0.1f, 1.2f], new Region(-20, 40, 100, 200), points));

        Assert.Equal([-20, 40, 80, 240, 30, 90, -30, 280], points);
    }

    [Fact]
    public void Points_of_a_turned_region_turn_clockwise_about_its_middle()
    {
        var points = new float[6];

        Assert.True(LandmarkProjection.Project([0.5f, 0.5f, 1, 0.5f, 0.5f, 0], new Region(100, 200, 40, 40, 90), points));

        Assert.Equal([120, 220, 120, 240, 140, 220], points.Select(value => MathF.Round(value, 3)));
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(0, float.NaN)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(0, float.NegativeInfinity)]
    [InlineData(3e38f, 0)]
    public void Values_that_are_no_positions_are_refused(float x, float y) =>
        Assert.False(LandmarkProjection.Project([0.5f, 0.5f, x, y], new Region(0, 0, 100, 100), new float[4]));
}
