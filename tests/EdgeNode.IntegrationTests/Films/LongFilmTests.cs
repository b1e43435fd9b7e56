namespace FaceLandmark.Tests.Films;

/// <summary>A film that is long: its memory, its bar in a terminal, and Ctrl-C there.</summary>
[Collection(Alone.Name)]
public sealed class LongFilmTests(FilmClips clips) : IClassFixture<FilmClips>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("long-film-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Memory_does_not_grow_with_the_length()
    {
        const int Frames = 1200;
        const long Picture = 480 * 360 * 3;
        await FilmClips.FfmpegAsync(
            ["-f", "lavfi", "-i", $"testsrc2=size=480x360:rate=25:duration={Frames / 25}"],
            [.. FilmClips.H264, At("long.mp4")]
        );
        await using var video = NodeProcess.Start("video", At("long.mp4"), "--jsonl", At("o.jsonl"));
        await video.SaysAsync(": 20 %");
        var early = video.Memory;
        await video.SaysAsync(": 90 %");
        var late = video.Memory;
        var (status, _, errors) = await video.EndAsync();
        Assert.True(status == 0, errors);
        Assert.Equal(Frames, File.ReadLines(At("o.jsonl")).Count());
        // A tenth of what the pictures between would take.
        var between = (long)(0.7 * Frames) * Picture;
        Assert.True(late - early < between / 10, $"{early >> 20} MB at a fifth of the film, {late >> 20} MB near its end");
    }

    [Fact]
    public async Task A_terminal_shows_a_bar_with_rate_and_time_left_and_Ctrl_C_completes_the_files()
    {
        // Twenty times the clip: nobody waits for its end.
        await FilmClips.FfmpegAsync(["-stream_loop", "19", "-i", clips.Slow, "-map", "0", "-c", "copy", At("long.mp4")]);
        var (status, shown) = await TerminalProcess.RunAsync(
            null,
            [],
            [
                (@"/long\.mp4 .+ \d+% [2-9]\d frames, \d+\.\d frames/s \d\d:\d\d:\d\d/", TerminalProcess.CtrlC),
                ("stopped before its end.", ""),
            ],
            "video",
            At("long.mp4"),
            "--out",
            At("o.mp4"),
            "--csv",
            At("o.csv"),
            "--jsonl",
            At("o.jsonl")
        );
        Assert.True(status == 0, shown);
        Assert.DoesNotContain("stays hidden", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be written", shown, StringComparison.Ordinal);
        var frames = File.ReadAllLines(At("o.jsonl")).Length;
        Assert.InRange(frames, 20, (20 * FilmClips.Frames) - 1);
        Assert.Contains($"{frames} frames (", shown, StringComparison.Ordinal);
        Assert.InRange((await FilmClips.TimesAsync(At("o.mp4"))).Count, frames - 10, frames); // up to its last two seconds
        VideoTests.AssertWholeRows(At("o.csv"));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
