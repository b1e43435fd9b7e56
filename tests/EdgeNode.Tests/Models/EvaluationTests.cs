using System.IO.Compression;
using FaceLandmark.Models;

namespace FaceLandmark.Tests.Models;

public sealed class EvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nme_is_the_mean_distance_over_that_of_the_outer_eye_corners()
    {
        var truth = new float[196];
        (truth[120], truth[144]) = (10, 60); // 50 pixels apart
        var points = truth.Select((value, i) => i % 2 == 0 ? value + 3 : value + 4).ToArray(); // every point 5 pixels off
        Assert.Equal(10, EvaluationReport.Nme(points, truth), 1e-6);
    }

    [Fact]
    public void The_report_sums_up()
    {
        var report = EvaluationReport.Of([2, 4, 12, 30], "m");
        Assert.Equal((4, 12.0, 8.0, 50.0, 35.0), (report.Count, report.NmeMean, report.NmeMedian, report.FailureRate10, report.Auc10));
    }

    [Fact]
    public void A_list_is_read_and_its_pictures_come_from_folders_and_zip_files()
    {
        var list = Path.Combine(_folder, "list.txt");
        File.WriteAllText(list, Line("val/a.jpg") + "\n\n" + Line("more/b.jpg") + "\n");
        Directory.CreateDirectory(Path.Combine(_folder, "val"));
        File.WriteAllBytes(Path.Combine(_folder, "val", "a.jpg"), [1, 2]);
        using (var zip = ZipFile.Open(Path.Combine(_folder, "more.zip"), ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("b.jpg").Open())
            entry.Write([3]);

        var faces = WflwList.Read(list);
        using var pictures = new PictureStore([_folder]);
        Assert.Equal([1, 2], pictures.Read(faces[0].Picture));
        Assert.Equal([3], pictures.Read(faces[1].Picture));
        using var only = new PictureStore([Path.Combine(_folder, "more.zip")]);
        Assert.Equal([3], only.Read(faces[1].Picture));
        Assert.Equal((196, 1, 2, 4, 4), (faces[0].Points.Length, faces[0].Box.X, faces[0].Box.Y, faces[0].Box.Width, faces[0].Box.Height));
        Assert.Contains("val/c.jpg is not in", Assert.Throws<ListException>(() => pictures.Read("val/c.jpg")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 2 3 a.jpg", "line 1 has 4 fields")]
    [InlineData("", "is empty")]
    public void A_line_of_another_form_is_named(string content, string sentence)
    {
        var list = Path.Combine(_folder, "list.txt");
        File.WriteAllText(list, content);
        Assert.Contains(sentence, Assert.Throws<ListException>(() => WflwList.Read(list)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_no_number_is_named()
    {
        var list = Path.Combine(_folder, "list.txt");
        File.WriteAllText(list, Line("a.jpg").Replace("7 7", "7 x", StringComparison.Ordinal));
        Assert.Contains("line 1: field 2 is 'x'", Assert.Throws<ListException>(() => WflwList.Read(list)).Message, StringComparison.Ordinal);
    }

    private static string Line(string picture) => string.Join(' ', Enumerable.Repeat("7", 196)) + " 1 2 5 6 0 0 0 0 0 0 " + picture;
}
