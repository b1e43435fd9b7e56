using System.Numerics;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Locate;

public sealed class BlazeFaceAnchorsTests
{
    [Theory]
    [InlineData(0, 0, 0.03125f, 0.03125f)]
    [InlineData(0, 1, 0.03125f, 0.03125f)]
    [InlineData(0, 2, 0.09375f, 0.03125f)]
    [InlineData(0, 32, 0.03125f, 0.09375f)]
    [InlineData(0, 511, 0.96875f, 0.96875f)]
    [InlineData(1, 0, 0.0625f, 0.0625f)]
    [InlineData(1, 5, 0.0625f, 0.0625f)]
    [InlineData(1, 6, 0.1875f, 0.0625f)]
    [InlineData(1, 48, 0.0625f, 0.1875f)]
    [InlineData(1, 383, 0.9375f, 0.9375f)]
    public void Anchors_sit_in_the_middle_of_their_cells(int grid, int anchor, float x, float y) =>
        Assert.Equal(new Vector2(x, y), BlazeFaceAnchors.Centre(grid, anchor));

    [Fact]
    public void The_grids_have_896_anchors() => Assert.Equal((512, 384), (BlazeFaceAnchors.Count(0), BlazeFaceAnchors.Count(1)));

    [Fact]
    public void A_box_is_relative_to_its_anchor_in_pixels_of_the_input()
    {
        var (scores, values) = Outputs();
        scores[34] = 2;
        Set(values, 34, 12.8f, -6.4f, 64, 32);
        var hits = new List<BlazeFaceHit>();

        BlazeFaceAnchors.Decode(0, scores, values, 128, 0.6f, hits);

        var hit = Assert.Single(hits);
        Assert.Equal(0.8808f, hit.Score, 0.0001f);
        Assert.Equal(0.09375f + 0.1f, hit.Centre.X, 0.00001f);
        Assert.Equal(0.09375f - 0.05f, hit.Centre.Y, 0.00001f);
        Assert.Equal(new Vector2(0.5f, 0.25f), hit.Size);
    }

    [Fact]
    public void Low_scores_and_broken_values_are_no_faces()
    {
        var (scores, values) = Outputs();
        scores[0] = 0.4f;
        Set(values, 0, 0, 0, 10, 10);
        scores[1] = float.NaN;
        Set(values, 1, 0, 0, 10, 10);
        scores[2] = 9;
        Set(values, 2, 0, 0, -10, 10);
        scores[3] = 9;
        Set(values, 3, 0, 0, float.NaN, 10);
        var hits = new List<BlazeFaceHit>();

        BlazeFaceAnchors.Decode(0, scores, values, 128, 0.6f, hits);

        Assert.Empty(hits);
    }

    [Fact]
    public void The_box_of_the_landmarks_is_a_little_smaller_and_lower()
    {
        var hit = new BlazeFaceHit(1, new Vector2(100, 200), new Vector2(100, 100));

        var box = hit.LandmarkBox;

        Assert.Equal(95, box.Width, 0.001f);
        Assert.Equal(95, box.Height, 0.001f);
        Assert.Equal(100, box.X + (box.Width / 2), 0.001f);
        Assert.Equal(204.5f, box.Y + (box.Height / 2), 0.001f);
    }

    private static (float[] Scores, float[] Values) Outputs()
    {
        var scores = new float[BlazeFaceAnchors.Count(0)];
        Array.Fill(scores, -20);
        return (scores, new float[scores.Length * BlazeFaceAnchors.Values]);
    }

    private static void Set(float[] values, int anchor, params ReadOnlySpan<float> box) =>
        box.CopyTo(values.AsSpan(anchor * BlazeFaceAnchors.Values));
}
