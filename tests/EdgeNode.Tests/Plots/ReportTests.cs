using FaceLandmark.Configuration;
using FaceLandmark.Plots;
using FaceLandmark.Tests.Capture;
using SkiaSharp;

namespace FaceLandmark.Tests.Plots;

/// <summary>The pictures and the page that are made of recordings.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_needs_nothing_else_and_names_cannot_become_markup()
    {
        const string name = "<img src=http://evil.example/x onerror=alert(1)>&\\\"";
        var lines = new RecordedLines();
        lines.FrameOf("n", "<b>", "s", "<script>", 0, 1, 10, 0, RecordedLines.Face(1)).FrameOf("n", "<b>", "s", "<script>", 1, 2, 10, 0);
        lines.Message(1, "facelandmark/n/cameras/<b>/events", $$"""{"event":"{{name}}","face":1,"session":"s"}""");
        var html = Page(lines);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        foreach (var markup in (string[])["<script", "<b>", "<img src=http", "@import", "url("])
            Assert.DoesNotContain(markup, html, StringComparison.OrdinalIgnoreCase);
        System.Xml.Linq.XDocument.Parse(
            html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)
                .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
                .Replace("initial-scale=1\">", "initial-scale=1\"/>", StringComparison.Ordinal)
                .Replace("img-src data:\">", "img-src data:\"/>", StringComparison.Ordinal)
                .Replace("no-referrer\">", "no-referrer\"/>", StringComparison.Ordinal)
        ); // all that is opened is closed
    }

    [Fact]
    public void The_page_says_what_the_recording_holds()
    {
        var lines = new RecordedLines();
        for (var i = 0; i < 20; i++)
        {
            lines.FrameOf("n", "cam0", "s", "onnx", 0.1 * i, i, 12, i == 9 ? 7 : 0, RecordedLines.Face(1, yaw: 5));
            lines.FrameOf("n", "cam0", "s", "drpai", 0.1 * i, i, 30, 0, RecordedLines.Face(1, yaw: 5, shift: 2));
        }

        lines.Event(1, "blink", 1, 0.2).Gap(1.6, since: 1.2).Missing(1.8, 41);
        var html = Page(lines);
        foreach (
            var part in (string[])
                [
                    "2026-05-04 03:02:01 to 2026-05-04 03:02:02 UTC",
                    "<dt>Frames</dt><dd>20</dd>",
                    "<dt>Latency (drpai)</dt><dd>30 ms",
                    "<dt>Dropped by the node</dt><dd>7</dd>",
                    "<dt>Missing in the recording</dt><dd>41</dd>",
                    "drpai and onnx on 20 faces of the same frames",
                    "2.00 pixels apart in the mean",
                    "<td>face 1</td><td>blink</td><td>0.2</td>",
                    "<td>the connection was lost</td><td>03:02:02.2</td>",
                    "<rect class=\"gap\"",
                    "aria-label=\"face 1: seen once\"",
                    "<td>5&#176;, 1&#176;, 2&#176;</td>",
                ]
        )
            Assert.Contains(part, html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_without_a_face_says_so()
    {
        var html = Page(new RecordedLines().Frame(0, 1).Frame(1, 2));
        Assert.Contains("There is no face in this recording.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Yaw", html, StringComparison.Ordinal);
        Assert.Contains("Faces over time: from 0 to 0", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "1 0")]
    [InlineData(1, "1 0")]
    [InlineData(3, "3 2 1 0")]
    [InlineData(5, "5 4 3 2 1 0")]
    [InlineData(7, "8 6 4 2 0")]
    [InlineData(11, "15 10 5 0")]
    [InlineData(64, "80 60 40 20 0")]
    public void Numbers_of_faces_have_whole_marks(int faces, string marks)
    {
        var html = Page(
            new RecordedLines()
                .Frame(0, 1)
                .Frame(1, 2, [.. Enumerable.Range(1, faces).Select(id => RecordedLines.Face(id))])
        );
        var figure = html[html.IndexOf("<figcaption>Faces<", StringComparison.Ordinal)..];
        var axis = figure[..figure.IndexOf("</div>", StringComparison.Ordinal)];
        Assert.EndsWith(
            "aria-hidden=\"true\">" + string.Concat(marks.Split(' ').Select(mark => $"<span>{mark}</span>")),
            axis,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Times_count_from_the_beginning_of_the_recording_or_the_film_and_not_from_the_first_face()
    {
        var html = Page(new RecordedLines(startsAt: -61).Frame(0, 1).Frame(1, 2, RecordedLines.Face(1)));
        Assert.Contains("2026-05-04 03:01:00 to 2026-05-04 03:02:02 UTC, 1:02", html, StringComparison.Ordinal);
        Assert.Contains("<p class=\"soft\">Times: 2026-05-04 UTC.</p>", html, StringComparison.Ordinal);

        var rows = Path.Combine(_folder.Path, "f.csv");
        File.WriteAllText(rows, FilmRows.Beginning + "pose_Ry,pose_Rz\n151,1,30,0.9,1,0,0,0\n152,1,30.2,0.9,1,0,0,0\n");
        var film = PageOf(rows);
        Assert.Contains("A film of 30.2 s", film, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">face 1</th><td>30 s</td><td>30.2 s</td>", film, StringComparison.Ordinal);
        Assert.Contains("Times: time in the film.", film, StringComparison.Ordinal);
        Assert.Contains("<dt>Frames with a face</dt><dd>2</dd>", film, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>Frames</dt>", film, StringComparison.Ordinal); // has no rows for those without a face

        var messages = Path.Combine(_folder.Path, "f.jsonl");
        File.WriteAllText(
            messages,
            """
            {"schema":"facelandmark/landmarks/1","node":"n","camera":"f","seq":6,"capturedAt":"2026-05-04T03:02:03.500000000Z",
            "monotonicNs":2500000000,"faces":[]}
            """.ReplaceLineEndings("")
        );
        Assert.Contains(
            "Times: time in the film, which began 2026-05-04 03:02:01 UTC.",
            PageOf(messages),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_face_is_cut_out_of_the_preview_that_shows_it_best()
    {
        var lines = new RecordedLines().Frame(0, 1, RecordedLines.Face(1, yaw: 60)).Bytes(0.1, Preview, Jpeg(SKColors.Red));
        lines.Frame(0.2, 2, RecordedLines.Face(1)).Bytes(0.3, Preview, Jpeg(SKColors.Lime));
        lines.Frame(0.4, 3, RecordedLines.Face(1, yaw: 60)).Bytes(0.5, Preview, Jpeg(SKColors.Blue)).Bytes(0.6, Preview, [1, 2, 3]);
        var html = Page(lines);
        const string begin = "<img alt=\"face 1\" src=\"data:image/jpeg;base64,";
        var at = html.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(at > begin.Length, "no picture");
        using var picture = SKBitmap.Decode(Convert.FromBase64String(html[at..html.IndexOf('"', at)]));
        var pixel = picture.GetPixel(picture.Width / 2, picture.Height / 2);
        Assert.True(pixel.Green > 200 && pixel.Red < 60 && pixel.Blue < 60, pixel.ToString());
    }

    [Fact]
    public void Curves_are_drawn_in_the_colour_of_their_face_where_their_values_are()
    {
        var lines = new RecordedLines();
        for (var i = 0; i < 100; i++)
            lines.Frame(0.1 * i, i, i < 50 ? [RecordedLines.Face(1, yaw: 15)] : []);
        var (survey, curves, _) = Read(lines, PlotPicture.Columns);
        var charts = Chart.Of(curves.Cameras[0]);
        Assert.Equal((-30, 30), (charts[0].Low, charts[0].High));
        var path = Path.Combine(_folder.Path, "p.png");
        PlotPicture.Save(path, "cam0", charts, survey.Start, survey.Seconds(survey.End));
        using var picture = SKBitmap.Decode(path);
        Assert.Equal((1280, 170 * charts.Count), (picture.Width, picture.Height));
        // The first strip: 34 pixels of title, 108 of curves; 15 of -30 to 30 degrees is a quarter below its upper edge.
        var blue = Enumerable
            .Range(0, 170)
            .SelectMany(y => Enumerable.Range(70, 1180).Select(x => (X: x, Y: y)))
            .Where(at => picture.GetPixel(at.X, at.Y) is { Red: < 150, Green: > 100, Blue: > 150 } pixel && pixel.Blue - pixel.Red > 70)
            .ToList();
        Assert.InRange(blue.Average(at => at.Y), 55, 70);
        Assert.InRange(blue.Max(at => at.X), 70 + (1180 * 0.45), 70 + (1180 * 0.55));
    }

    [Fact]
    public void A_picture_that_cannot_be_written_is_a_sentence()
    {
        var (survey, curves, _) = Read(new RecordedLines().Frame(0, 1), PlotPicture.Columns);
        var path = Path.Combine(_folder.Path, "gone", "p.png");
        var refusal = Assert.Throws<PlotException>(() => PlotPicture.Save(path, "c", Chart.Of(curves.Cameras[0]), survey.Start, 0));
        Assert.Contains($"'{path}' cannot be written (", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--out", "a.txt.d/", null, null)]
    [InlineData("--out is 'gone/a.png', but there is no folder", "gone/a.png", null, null)]
    [InlineData("--html is 'a.pdf', but must name an .html file.", null, "a.pdf", null)]
    [InlineData("--film is for the pictures of the report", "a.png", null, "film.mp4")]
    [InlineData("--film is 'film.mp4', but that is missing", null, "a.html", "film.mp4")]
    [InlineData("--html is empty", null, "", null)]
    public void Arguments_that_cannot_be_meant_are_refused(string sentence, string? picture, string? page, string? film)
    {
        if (picture == "a.txt.d/")
        {
            var folder = Path.Combine(_folder.Path, picture);
            var targets = PlotTargets.Of(["r.jsonl"], folder, null, null);
            Assert.Equal(Path.Combine(folder, "cam0.png"), targets.PictureOf(new CameraSurvey("cam0"), 1));
            return;
        }

        var refusal = Assert.Throws<ConfigurationException>(() => PlotTargets.Of(["r.jsonl"], picture, page, film));
        Assert.Contains(refusal.Errors, error => error.StartsWith(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Pictures_of_several_cameras_have_names_of_their_own()
    {
        var r = Path.Combine(_folder.Path, "r");
        var targets = PlotTargets.Of([r + ".jsonl"], null, null, null);
        Assert.Equal(r + ".png", targets.PictureOf(new CameraSurvey("cam0"), 1));
        Assert.Equal(r + "-a-b.png", targets.PictureOf(new CameraSurvey("c") { Title = "a b" }, 2));
        Assert.Equal(r + "-A-b-2.png", targets.PictureOf(new CameraSurvey("c") { Title = "A/b" }, 2));
    }

    private const string Preview = "facelandmark/n/cameras/cam0/preview";

    private static byte[] Jpeg(SKColor colour)
    {
        using var picture = new SKBitmap(320, 240);
        picture.Erase(colour);
        return picture.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray();
    }

    private (RecordingSurvey Survey, RecordingCurves Curves, PlotFiles Files) Read(
        RecordedLines lines,
        int columns,
        FaceThumbnails? thumbnails = null
    )
    {
        return Read(lines.Save(Path.Combine(_folder.Path, "r.jsonl")), columns, thumbnails);
    }

    private static (RecordingSurvey Survey, RecordingCurves Curves, PlotFiles Files) Read(
        string recording,
        int columns,
        FaceThumbnails? thumbnails
    )
    {
        var files = new PlotFiles([recording], "facelandmark");
        var survey = new RecordingSurvey();
        files.Read(survey, TestContext.Current.CancellationToken);
        survey.NameCameras();
        var curves = new RecordingCurves(survey, columns, thumbnails);
        files.Read(curves, TestContext.Current.CancellationToken);
        return (survey, curves, files);
    }

    private string Page(RecordedLines lines) => PageOf(lines.Save(Path.Combine(_folder.Path, "r.jsonl")));

    private string PageOf(string recording)
    {
        var thumbnails = new FaceThumbnails();
        var (survey, curves, files) = Read(recording, ReportChart.Columns, thumbnails);
        var path = Path.Combine(_folder.Path, "r.html");
        ReportPage.Save(path, files, survey, curves, thumbnails);
        return File.ReadAllText(path);
    }
}
