using System.Text.Json;
using FaceLandmark.Faces;
using FaceLandmark.Models.Evaluation;
using FaceLandmark.Tests.Postprocess;

namespace FaceLandmark.Tests.Models.Evaluation;

public sealed class EvaluationTests
{
    [Fact]
    public void Nme_is_the_mean_distance_over_that_of_the_outer_eye_corners()
    {
        var truth = Shape.Mean(50); // the outer eye corners are 50 pixels apart
        var points = Shape.Changed(truth, (_, x, y) => (x + 3, y + 4)); // every point 5 pixels off

        var error = FaceError.Of(points, Face(truth));

        Assert.Equal(10, error.Nme, 0.01);
        Assert.All(error.Parts, part => Assert.Equal(10, part, 0.01));
    }

    [Theory]
    [InlineData(FacePart.Contour, 0, 32)]
    [InlineData(FacePart.Brows, 33, 50)]
    [InlineData(FacePart.Nose, 51, 59)]
    [InlineData(FacePart.Eyes, 60, 75)]
    [InlineData(FacePart.Mouth, 76, 95)]
    internal void An_error_counts_for_the_part_of_the_face_where_it_is(FacePart where, int first, int last)
    {
        var truth = Shape.Mean(100);

        foreach (var points in new[] { truth, LandmarkSets.To68(truth) }) // the network's 98 against 98 and against 68
        {
            var error = FaceError.Of(Shape.Changed(truth, (i, x, y) => i >= first && i <= last ? (x + 7, y) : (x, y)), Face(points));
            foreach (var part in Enum.GetValues<FacePart>().Where(part => part != where))
                Assert.Equal(0, error.Parts[(int)part]);
            Assert.InRange(error.Parts[(int)where], where == FacePart.Eyes ? 6 : 6.99, 7.01); // the pupils stay
        }
    }

    [Fact]
    public void Points_of_68_are_compared_with_the_68_of_98_on_either_side()
    {
        var truth = Shape.Mean(100);
        var points = Shape.Changed(truth, (i, x, y) => (x + i, y));
        var expected = LandmarkSets.Of68.ToArray().Average();

        Assert.Equal(expected, FaceError.Of(points, Face(LandmarkSets.To68(truth))).Nme, 0.01);
        Assert.Equal(expected, FaceError.Of(LandmarkSets.To68(points), Face(truth)).Nme, 0.01);
        Assert.Equal(expected, FaceError.Of(LandmarkSets.To68(points), Face(LandmarkSets.To68(truth))).Nme, 0.01);
    }

    [Fact]
    public void The_report_sums_up()
    {
        var report = EvaluationReport.Of([Error(2), Error(4), Error(12), Error(30) with { IsAccepted = false, IsFound = false }], "m");

        Assert.Equal((4, 12.0, 8.0, 50.0, 35.0), (report.Count, report.NmeMean, report.NmeMedian, report.FailureRate10, report.Auc10));
        Assert.Equal((25.0, 25.0), (report.Refused, report.Missed));
        Assert.Equal([2, 4, 12, 30], report.Errors);
    }

    [Fact]
    public void Faces_are_grouped_by_attribute_yaw_and_roll()
    {
        var report = EvaluationReport.Of(
            [
                Error(2, FaceAttributes.Pose | FaceAttributes.Blur, yaw: -44, roll: 3),
                Error(4, FaceAttributes.Blur, yaw: 44, roll: -21),
                Error(12, yaw: 90, roll: 180),
                Error(20, yaw: 15, roll: 20),
            ],
            "m"
        );

        Assert.Equal(["pose", "blur"], report.Attributes.Keys);
        Assert.Equal(new ErrorGroup(2, 3, 3, 0, 0), report.Attributes["blur"]);
        Assert.Equal([("15-30", 1), ("30-45", 2), ("45-90", 1)], report.Yaw.Select(band => (band.Key, band.Value.Count)));
        Assert.Equal([("0-10", 1), ("20-30", 2), ("45-180", 1)], report.Roll.Select(band => (band.Key, band.Value.Count)));
        Assert.Equal(new ErrorGroup(1, 12, 12, 100, 0), report.Yaw["45-90"]);
    }

    [Fact]
    public void Json_keeps_its_keys_and_adds_others()
    {
        var json = JsonDocument.Parse(EvaluationReport.Of([Error(2, FaceAttributes.MakeUp)], "m").ToJson()).RootElement;

        Assert.Equal(
            [
                "count",
                "nmeMean",
                "nmeMedian",
                "failureRate10",
                "auc10",
                "model",
                "list",
                "points",
                "refused",
                "missed",
                "parts",
                "attributes",
                "yaw",
                "roll",
            ],
            json.EnumerateObject().Select(entry => entry.Name)
        );
        Assert.Equal(["contour", "brows", "nose", "eyes", "mouth"], json.GetProperty("parts").EnumerateObject().Select(part => part.Name));
        Assert.Equal(2, json.GetProperty("attributes").GetProperty("makeUp").GetProperty("nmeMean").GetDouble());
    }

    private static FaceError Error(double nme, FaceAttributes attributes = FaceAttributes.None, float yaw = 0, float roll = 0) =>
        new(nme, [nme, nme, nme, nme, nme], attributes, new HeadPose(yaw, 0, roll));

    private static AnnotatedFace Face(float[] points) => new("a.jpg", Box.Of(points), points);
}
