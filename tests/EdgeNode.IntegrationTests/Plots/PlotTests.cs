using FaceLandmark.Tests.Browser;
using FaceLandmark.Tests.Films;
using Microsoft.Playwright;
using SkiaSharp;

namespace FaceLandmark.Tests.Plots;

/// <summary>The verb <c>plot</c> on what the verb <c>video</c> wrote, and its report in a real browser.</summary>
public sealed class PlotTests(FilmClips clips, ChromiumBrowser browser) : IClassFixture<FilmClips>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_film_becomes_curves_and_a_report_that_reads_well_on_every_screen_without_a_network()
    {
        var (csv, jsonl, html) = (At("points.csv"), At("points.jsonl"), At("report.html"));
        await CleanAsync("video", clips.Slow, "--csv", csv, "--jsonl", jsonl);
        var (output, _) = await CleanAsync("plot", jsonl, "--out", At("curves"), "--html", html, "--film", clips.Slow);
        Assert.Equal([At("curves/slow.png"), html], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using (var picture = SKBitmap.Decode(At("curves/slow.png")))
            Assert.Equal(9 * 170, picture.Height);
        // Rows say the same of the faces, but nothing of latency and losses.
        (output, _) = await CleanAsync("plot", csv);
        Assert.Equal(At("points.png"), output.Trim());
        using (var picture = SKBitmap.Decode(At("points.png")))
            Assert.Equal(7 * 170, picture.Height);

        foreach (var (width, scheme) in ((int, ColorScheme)[])[(1200, ColorScheme.Light), (360, ColorScheme.Dark)])
        {
            await using var page = await browser.NewPageAsync(
                new BrowserNewContextOptions
                {
                    ColorScheme = scheme,
                    Offline = true,
                    ViewportSize = new ViewportSize { Width = width, Height = 900 },
                }
            );
            var requests = new List<string>();
            page.Page.Request += (_, request) => requests.Add(request.Url);
            await page.Page.GotoAsync("file://" + html);
            Assert.Equal("points.jsonl", await page.Page.TitleAsync());
            Assert.Equal(2, await page.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("^face [12]$") }).CountAsync());
            Assert.Empty(await page.Page.EvaluateAsync<string[]>("[...document.images].filter(i => !i.naturalWidth).map(i => i.alt)"));
            Assert.Equal(9, await page.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("over time: from") }).CountAsync());
            Assert.True(
                await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                $"The page is wider than {width} pixels."
            );
            var paper = await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
            Assert.Equal(scheme == ColorScheme.Dark ? "rgb(21, 23, 28)" : "rgb(255, 255, 255)", paper);
            Assert.Empty(page.Faults);
            Assert.All(requests, request => Assert.Matches("^(file|data):", request));
            await page.PictureAsync($"report-{scheme}");
        }
    }

    [Fact]
    public async Task What_cannot_be_drawn_is_a_sentence_and_the_right_status()
    {
        File.WriteAllText(At("other.csv"), "name,age\n");
        File.WriteAllText(At("empty.jsonl"), "");
        File.WriteAllText(At("header.jsonl"), """{"schema":"facelandmark/recording/1"}""" + "\n");
        File.WriteAllText(At("rows.csv"), "frame,face_id,timestamp,confidence,success,pose_Rx,pose_Ry\n1,1,0,1,1,0,0\n2,1,0.1,1,1");
        foreach (
            var (expected, arguments, sentence) in (
                (int, string[], string)[])[
                    (1, [At("other.csv")], "is no recording of FaceLandmark: give what `record`"),
                    (1, [At("empty.jsonl")], "is empty"),
                    (1, [At("gone.jsonl")], "is missing; correct the path"),
                    (1, [_folder], "is a folder, but must be a file"),
                    (1, [At("header.jsonl")], "holds no landmarks: there is nothing to draw"),
                    (1, [At("rows.csv")], "1 line of '" + At("rows.csv") + "' cannot be read and was left out, first line 3"),
                    (1, [At("rows.csv"), "--out", "/proc/x.png"], "'/proc/x.png' cannot be written ("),
                    (2, [At("rows.csv"), "--out", At("gone/x.png")], "but there is no folder"),
                    (2, [At("rows.csv"), "--html", At("x.txt")], "but must name an .html file"),
                    (2, [At("rows.csv"), "--film", At("x.mp4")], "give --html too"),
                    (2, [], "Required argument"),
                ]
        )
        {
            var (status, _, errors) = await NodeProcess.RunAsync(["plot", .. arguments]);
            Assert.True(status == expected, $"{string.Join(' ', arguments)}: {status} {errors}");
            Assert.Contains(sentence, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }

        Assert.True(new FileInfo(At("rows.png")).Length > 1000); // what can be read is drawn
    }

    private static async Task<(string Output, string Errors)> CleanAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, errors);
        return (output, errors);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
