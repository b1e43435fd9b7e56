using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class ShapePlausibilityTests
{
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0.004f, 0, 0.5f)]
    [InlineData(500, 25, 2000)]
    [InlineData(80, 180, 300)]
    public void A_face_is_a_face_wherever_and_however_large(float scale, float degrees, float at) =>
        Assert.InRange(ShapePlausibility.Score(Shape.Mean(scale, degrees, at, at)), 0.99f, 1);

    // Sideways and nodding faces: narrowed and sheared as a turned head is; labelled faces reach a residual of 0.46.
    [Theory]
    [InlineData(0.6f, 0)]
    [InlineData(0.75f, 0.25f)]
    [InlineData(1.4f, 0)]
    public void A_turned_face_is_a_face(float narrowed, float sheared) =>
        Assert.InRange(ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (_, x, y) => ((narrowed * x) + (sheared * y), y))), 0.7f, 1);

    [Fact]
    public void Noise_lowers_the_score_step_by_step_until_it_is_no_face()
    {
        float[] noises = [0, 0.1f, 0.3f, 1, 3];
        var scores = noises
            .Select(noise =>
            {
                var random = new Random(1);
                return ShapePlausibility.Score(
                    Shape.Changed(
                        Shape.Mean(100),
                        (_, x, y) => (x + (100 * noise * Shape.Noise(random)), y + (100 * noise * Shape.Noise(random)))
                    )
                );
            })
            .ToArray();

        Assert.Equal(scores.OrderDescending(), scores);
        Assert.InRange(scores[1], 0.95f, 1);
        Assert.InRange(scores[^2], 0, 0.35f);
    }

    [Fact]
    public void Mirrored_order_is_no_face() =>
        Assert.InRange(ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (_, x, y) => (-x, y))), 0, 0.2f);

    [Fact]
    public void Another_order_is_no_face()
    {
        var mean = Shape.Mean();
        Assert.InRange(ShapePlausibility.Score(Shape.Changed(mean, (i, _, _) => (mean[2 * (97 - i)], mean[(2 * (97 - i)) + 1]))), 0, 0.4f);
    }

    [Fact]
    public void Points_on_a_line_and_points_on_one_spot_are_no_face()
    {
        Assert.InRange(ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (_, _, y) => (0, y))), 0, 0.49f);
        Assert.InRange(ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (_, x, _) => (x, 0))), 0, 0.49f);
        Assert.Equal(0, ShapePlausibility.Score(new float[196]));
    }

    [Fact]
    public void Random_points_are_no_face()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
            Assert.InRange(
                ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (_, _, _) => (random.NextSingle(), random.NextSingle()))),
                0,
                0.3f
            );
    }

    [Fact]
    public void One_point_far_away_is_no_face() =>
        Assert.InRange(ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (i, x, y) => i == 54 ? (x + 3000, y) : (x, y))), 0, 0.2f);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_value_that_is_no_position_is_no_face(float value) =>
        Assert.Equal(0, ShapePlausibility.Score(Shape.Changed(Shape.Mean(), (i, x, y) => i == 3 ? (value, y) : (x, y))));

    [Fact]
    public void Another_number_of_points_is_not_judged() => Assert.Equal(0, ShapePlausibility.Score(new float[136]));
}
