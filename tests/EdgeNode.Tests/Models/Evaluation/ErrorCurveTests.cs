using FaceLandmark.Models.Evaluation;
using OpenCvSharp;

namespace FaceLandmark.Tests.Models.Evaluation;

public sealed class ErrorCurveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_curve_steps_up_at_each_error_and_ends_at_the_limit()
    {
        var (errors, shares) = ErrorCurve.Steps([2, 4, 12, 30]);

        Assert.Equal([0, 2, 2, 4, 4, 10], errors);
        Assert.Equal([0, 0, 25, 25, 50, 50], shares);
    }

    [Fact]
    public void Curves_of_two_models_are_drawn_in_two_colours()
    {
        var path = Path.Combine(_folder, "curve.png");

        ErrorCurve.Save(path, [Report("one", 2, 3, 5), Report("two", 4, 8, 20)]);

        using var picture = Cv2.ImRead(path);
        Assert.True(picture.GetArray(out Vec3b[] pixels));
        var colours = pixels.ToHashSet();
        Assert.Equal(new Size(900, 600), picture.Size());
        Assert.Contains(new Vec3b(180, 119, 31), colours); // ScottPlot's first two colours, BGR
        Assert.Contains(new Vec3b(14, 127, 255), colours);
        using var title = new Mat(picture, new Rect(0, 0, 900, 30));
        Assert.Contains(title.GetArray(out Vec3b[] letters) ? letters : [], letter => letter.Item0 < 128); // words, not only lines
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_refused_before_the_work()
    {
        Assert.Null(ErrorCurve.Refuse(Path.Combine(_folder, "curve.PNG")));
        Assert.Contains("must name a .png file", ErrorCurve.Refuse(Path.Combine(_folder, "curve.jpg")), StringComparison.Ordinal);
        Assert.Contains("there is no folder", ErrorCurve.Refuse(Path.Combine(_folder, "gone", "curve.png")), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, "folder.png"));
        Assert.Contains(
            "cannot be written",
            Assert.Throws<ListException>(() => ErrorCurve.Save(Path.Combine(_folder, "folder.png"), [Report("one", 2)])).Message,
            StringComparison.Ordinal
        );
    }

    private static EvaluationReport Report(string model, params double[] errors) => EvaluationReport.Of([.. errors.Select(Error)], model);

    private static FaceError Error(double nme) => new(nme, [nme, nme, nme, nme, nme], FaceAttributes.None, default);
}
