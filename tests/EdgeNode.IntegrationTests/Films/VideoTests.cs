using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace FaceLandmark.Tests.Films;

/// <summary>The verb <c>video</c> on films of a photograph: every frame, its own time, sound, rows, messages.</summary>
public sealed partial class VideoTests(FilmClips clips) : IClassFixture<FilmClips>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("video-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("o.mp4")]
    [InlineData("o.mkv")]
    public async Task Every_frame_of_an_uneven_film_comes_once_at_its_own_time_with_the_sound(string name)
    {
        var (annotated, csv, jsonl) = (At(name), At("o.csv"), At("o.jsonl"));
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "video",
            clips.Uneven,
            "--out",
            annotated,
            "--csv",
            csv,
            "--jsonl",
            jsonl
        );
        Assert.True(exitCode == 0, errors);

        var stated = await FilmClips.TimesAsync(clips.Uneven);
        AssertNear(stated, await FilmClips.TimesAsync(annotated));
        Assert.Contains($"{stated.Count} frames", output, StringComparison.Ordinal);
        var messages = File.ReadAllLines(jsonl).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, stated.Count), messages.Select(message => message.GetProperty("seq").GetInt32()));
        AssertNear(stated, [.. messages.Select(message => message.GetProperty("monotonicNs").GetInt64() / 1e9)]);
        Assert.All(messages, message => Assert.Equal(0, message.GetProperty("dropped").GetInt32()));
        Assert.All(messages, message => Assert.True(message.GetProperty("filtered").GetBoolean()));

        // The CSV holds the same faces.
        var rows = File.ReadAllLines(csv).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(messages.Sum(message => message.GetProperty("faces").GetArrayLength()), rows.Count);
        Assert.True(rows.Count >= stated.Count, $"{rows.Count} faces on {stated.Count} frames");
        Assert.All(
            rows,
            row => Assert.Equal(stated[int.Parse(row[0], null) - 1], double.Parse(row[2], CultureInfo.InvariantCulture), 0.0011)
        );

        Assert.Equal(
            await FilmClips.PropertyAsync(clips.Uneven, "a", "codec_name"),
            await FilmClips.PropertyAsync(annotated, "a", "codec_name")
        );
        Assert.Equal(await SoundAsync(clips.Uneven), await SoundAsync(annotated));
        await BoxIsDrawnAsync(annotated, rows.First(row => row[0] == "1"));
    }

    [Fact]
    public async Task A_film_whose_faces_go_to_a_busy_server_has_every_frame()
    {
        var port = Ports.Free();
        await using var server = NodeProcess.Start(
            "serve",
            "--Serve:Models=deeppose-resnet18",
            "--Serve:HttpPort=0",
            $"--Serve:GrpcPort={port}"
        );
        await server.SaysAsync("Serving deeppose-resnet18");
        // No server answers within 10 ms that has only just been started.
        string[] remote =
        [
            "--Dispatch:Mode=remote",
            $"--Engines:Remote:Url=http://127.0.0.1:{port}",
            "--Engines:Remote:Deadline=00:00:00.01",
        ];
        var (there, output, errors) = await NodeProcess.RunAsync(["video", clips.Uneven, "--jsonl", At("there.jsonl"), .. remote]);
        Assert.True(there == 0, output + errors);

        var fromServer = File.ReadAllLines(At("there.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal((await FilmClips.TimesAsync(clips.Uneven)).Count, fromServer.Count);
        Assert.All(fromServer, message => Assert.Equal("remote", message.GetProperty("engine").GetString()));
        Assert.Contains(fromServer, message => message.GetProperty("faces").GetArrayLength() == 2);
    }

    [Fact]
    public async Task The_snippet_of_the_page_loads_the_rows()
    {
        var csv = At("o.csv");
        var (exitCode, _, errors) = await NodeProcess.RunAsync("video", clips.Uneven, "--csv", csv);
        Assert.True(exitCode == 0, errors);
        var script = At("load.py");
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "films.md"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(script, PythonSnippet().Match(page).Groups[1].Value, TestContext.Current.CancellationToken);
        var output = await RunningProgram.OutputOfAsync("python3", script, csv);
        Assert.Matches(@"^face 1: \d+ frames from 0\.0\d\d s to \d\.\d{3} s", output);
        Assert.Equal(
            File.ReadAllLines(csv).Length - 1,
            FaceLine().Matches(output).Sum(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public async Task A_film_that_is_turned_comes_out_upright()
    {
        var turned = At("turned.mp4");
        var bytes = await File.ReadAllBytesAsync(clips.Slow, TestContext.Current.CancellationToken);
        // The matrix of the picture's track (ISO/IEC 14496-12, tkhd): a quarter of a turn.
        var matrix = bytes.AsSpan().IndexOf("tkhd"u8) + 4 + 40;
        foreach (var (place, value) in ((int, int)[])[(0, 0), (4, 0x10000), (12, -0x10000), (16, 0)])
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(matrix + place), value);
        await File.WriteAllBytesAsync(turned, bytes, TestContext.Current.CancellationToken);
        var (exitCode, _, errors) = await NodeProcess.RunAsync("video", turned, "--out", At("o.mp4"));
        Assert.True(exitCode == 0, errors);
        Assert.Equal("480,640", await FilmClips.PropertyAsync(At("o.mp4"), "v", "width,height"));
        Assert.Equal(FilmClips.Frames, (await FilmClips.TimesAsync(At("o.mp4"))).Count);
    }

    [Fact]
    public async Task Pictures_keep_their_times_in_matroska_where_the_sound_begins_before_them()
    {
        var annotated = At("o.mkv");
        var (exitCode, _, errors) = await NodeProcess.RunAsync("video", clips.Slow, "--out", annotated);
        Assert.True(exitCode == 0, errors);
        AssertNear(await FilmClips.TimesAsync(clips.Slow), await FilmClips.TimesAsync(annotated));
    }

    [Fact]
    public async Task A_face_after_a_cut_has_another_number_than_the_one_before_in_its_place()
    {
        var csv = At("o.csv");
        var (exitCode, _, errors) = await NodeProcess.RunAsync("video", clips.TwoShots, "--csv", csv);
        Assert.True(exitCode == 0, errors);
        var rows = File.ReadAllLines(csv).Skip(1).Select(line => string.Join(',', line.Split(',')[..2]));
        Assert.Equal(Enumerable.Range(1, 20).Select(frame => $"{frame},{(frame <= 10 ? 1 : 2)}"), rows);
    }

    [Fact]
    public async Task Several_films_go_to_a_folder_and_one_that_is_not_there_does_not_hold_up_the_others()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "video",
            clips.Uneven,
            At("gone.mp4"),
            clips.Slow,
            "--csv",
            At("rows")
        );
        Assert.Equal(1, exitCode);
        Assert.Contains($"Video '{At("gone.mp4")}' does not exist", errors, StringComparison.Ordinal);
        Assert.Contains($"{FilmClips.Frames} frames", output, StringComparison.Ordinal);
        Assert.Equal(["slow.csv", "uneven.csv"], Directory.GetFiles(At("rows")).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("film.mp4", false)]
    [InlineData("film.mkv", true)]
    public async Task A_film_that_is_stopped_can_be_played_up_to_its_last_two_seconds_and_its_rows_are_whole(string name, bool byInterrupt)
    {
        await using var video = NodeProcess.Start("video", clips.Slow, "--out", At(name), "--csv", At("o.csv"), "--jsonl", At("o.jsonl"));
        await video.SaysAsync(": 20 %");
        if (byInterrupt)
            video.Interrupt();
        else
            video.AskToStop();
        var (exitCode, output, errors) = await video.EndAsync();
        Assert.True(exitCode == 0, errors);
        Assert.Matches(@"slow\.mp4: \d+ frames \(\d\.\d s\), .*; stopped before its end\.", output);
        var messages = File.ReadAllLines(At("o.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.InRange(messages.Count, FilmClips.Frames / 5, FilmClips.Frames - 1);
        var times = await FilmClips.TimesAsync(At(name));
        Assert.InRange(times.Count, Math.Max(1, messages.Count - (2 * FilmClips.Frames / 10)), messages.Count);
        AssertNear([.. messages.Take(times.Count).Select(message => message.GetProperty("monotonicNs").GetInt64() / 1e9)], times);
        AssertWholeRows(At("o.csv"));
        Assert.Equal(
            messages.Sum(message => message.GetProperty("faces").GetArrayLength()),
            File.ReadAllLines(At("o.csv")).Length - 1
        );
    }

    [Theory]
    [InlineData("film.mp4")]
    [InlineData("film.mkv")]
    public async Task A_film_whose_program_is_killed_can_be_played_and_its_rows_are_whole(string name)
    {
        await using (var node = NodeProcess.Start("video", clips.Slow, "--out", At(name), "--csv", At("o.csv")))
            await node.SaysAsync(": 90 %");
        var times = await FilmClips.TimesAsync(At(name));
        Assert.InRange(times.Count, 5, FilmClips.Frames);
        AssertWholeRows(At("o.csv"));
    }

    internal static void AssertWholeRows(string csv)
    {
        var lines = File.ReadAllText(csv).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Equal(lines[0].Count(sign => sign == ','), line.Count(sign => sign == ',')));
    }

    // Matroska states milliseconds.
    private static void AssertNear(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], 0.0011);
    }

    private static Task<string> SoundAsync(string film) =>
        RunningProgram.OutputOfAsync("ffmpeg", "-nostdin", "-v", "error", "-i", film, "-map", "0:a", "-c", "copy", "-f", "md5", "-");

    /// <summary>The first frame has the yellow of the box where the row says that the face ends, and the original has not.</summary>
    private async Task BoxIsDrawnAsync(string annotated, string[] row)
    {
        var (left, top, width, height) = (Value(204), Value(205), Value(206), Value(207));
        // The box stands off from the face by 0.04 of its longer side.
        var x = (int)Math.Round(left - (0.04 * Math.Max(width, height)));
        var y = (int)(top + (height / 2));
        // A line as thin as a pixel, whose colour is halved and compressed.
        Assert.True(await YellowAsync(annotated) > 80 + await YellowAsync(clips.Uneven), $"the box at {x}, {y}");

        double Value(int column) => double.Parse(row[column], CultureInfo.InvariantCulture);

        async Task<int> YellowAsync(string film)
        {
            var picture = At(Path.GetFileName(film) + ".png");
            await FilmClips.FfmpegAsync(["-i", film, "-frames:v", "1", picture]);
            using var bitmap = SKBitmap.Decode(picture);
            return Enumerable
                .Range(-1, 3)
                .Select(off => bitmap.GetPixel(x + off, y))
                .Max(pixel => pixel.Red + pixel.Green - (2 * pixel.Blue));
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonSnippet();

    [GeneratedRegex(@"^face \d+: (\d+) frames", RegexOptions.Multiline)]
    private static partial Regex FaceLine();
}
