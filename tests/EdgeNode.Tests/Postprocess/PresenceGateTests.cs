using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class PresenceGateTests
{
    [Theory]
    [InlineData(0, 0.5f, 0.5f, true)]
    [InlineData(-0.01f, 0.5f, 0.4975f, false)]
    [InlineData(3, 0.96f, 0.9526f, false)]
    [InlineData(-100, 0, 0, true)]
    [InlineData(float.PositiveInfinity, 1, 1, true)]
    public void The_networks_own_opinion_counts(float logit, float minPresence, float score, bool present)
    {
        var face = Shape.Face(new float[196]);

        PresenceGate.Apply(face, true, logit, minPresence);

        Assert.Equal(score, face.Score, 0.0001f);
        Assert.Equal(present, face.IsPresent);
    }

    [Fact]
    public void Without_one_the_shape_decides()
    {
        var (face, none) = (Shape.Face(Shape.Mean()), Shape.Face(new float[196]));

        PresenceGate.Apply(face, true, float.NaN, 0.5f);
        PresenceGate.Apply(none, true, float.NaN, 0.5f);

        Assert.True(face.IsPresent);
        Assert.Equal(ShapePlausibility.Score(face.Points), face.Score);
        Assert.False(none.IsPresent);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(float.NaN)]
    public void Points_that_are_not_finite_are_never_a_face(float logit)
    {
        var face = Shape.Face(Shape.Mean());

        PresenceGate.Apply(face, false, logit, 0);

        Assert.Equal(0, face.Score);
        Assert.False(face.IsPresent);
    }
}
