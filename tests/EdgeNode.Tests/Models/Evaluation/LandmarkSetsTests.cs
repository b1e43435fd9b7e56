using FaceLandmark.Models.Evaluation;
using FaceLandmark.Tests.Postprocess;

namespace FaceLandmark.Tests.Models.Evaluation;

public sealed class LandmarkSetsTests
{
    // The mirror order of 68 points as 300-W prints it on its figure of the mark-up.
    private static readonly int[] s_mirror68 =
    [
        16,
        15,
        14,
        13,
        12,
        11,
        10,
        9,
        8,
        7,
        6,
        5,
        4,
        3,
        2,
        1,
        0,
        26,
        25,
        24,
        23,
        22,
        21,
        20,
        19,
        18,
        17,
        27,
        28,
        29,
        30,
        35,
        34,
        33,
        32,
        31,
        45,
        44,
        43,
        42,
        47,
        46,
        39,
        38,
        37,
        36,
        41,
        40,
        54,
        53,
        52,
        51,
        50,
        49,
        48,
        59,
        58,
        57,
        56,
        55,
        64,
        63,
        62,
        61,
        60,
        67,
        66,
        65,
    ];

    [Theory]
    [InlineData(0, 0)] // end of the contour
    [InlineData(8, 16)] // chin
    [InlineData(17, 33)] // outer end of the left brow
    [InlineData(26, 46)] // outer end of the right brow
    [InlineData(27, 51)] // bridge of the nose
    [InlineData(30, 54)] // tip of the nose
    [InlineData(33, 57)] // under the nose
    [InlineData(36, 60)] // outer corner of the left eye
    [InlineData(39, 64)] // inner corner of the left eye
    [InlineData(42, 68)] // inner corner of the right eye
    [InlineData(45, 72)] // outer corner of the right eye
    [InlineData(48, 76)] // left corner of the mouth
    [InlineData(54, 82)] // right corner of the mouth
    [InlineData(57, 85)] // middle of the lower lip
    [InlineData(60, 88)] // left corner of the inner lips
    [InlineData(64, 92)] // right corner of the inner lips
    public void Known_points_have_their_counterparts(int of68, int of98) => Assert.Equal(of98, LandmarkSets.Of68[of68]);

    [Fact]
    public void No_point_is_taken_twice_and_the_mirror_image_of_a_point_is_that_of_its_counterpart()
    {
        var points = LandmarkSets.To68(Shape.Mean(100, x: 0));

        Assert.Equal(68, LandmarkSets.Of68.ToArray().Distinct().Count());
        for (var i = 0; i < 68; i++)
        {
            var j = s_mirror68[i];
            Assert.Equal((points[2 * i], points[(2 * i) + 1]), (-points[2 * j], points[(2 * j) + 1]), Near);
        }
    }

    [Fact]
    public void Points_go_round_to_98_and_back()
    {
        var points = LandmarkSets.To68(Shape.Mean());

        Assert.Equal(points, LandmarkSets.To68(LandmarkSets.To98(points)));
        Assert.Equal(30, LandmarkSets.To98(points).Where((value, i) => i % 2 == 0 && float.IsNaN(value)).Count());
        Assert.Equal(LandmarkSets.InterOcular(Shape.Mean()), LandmarkSets.InterOcular(points));
    }

    private static bool Near((float X, float Y) a, (float X, float Y) b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y) < 0.01;
}
