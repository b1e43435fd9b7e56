using FaceLandmark.Films;

namespace FaceLandmark.Tests.Films;

/// <summary>Films that are not as they should be: a sentence, the right status, and what was written can be used.</summary>
public sealed class VideoBadInputTests(FilmClips clips) : IClassFixture<FilmClips>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("video-").FullName;
    private SmallDisk? _disk;

    public async ValueTask InitializeAsync() => _disk = await SmallDisk.MountAsync(At("disk"), kilobytes: 60);

    public async ValueTask DisposeAsync()
    {
        if (_disk is not null)
            await _disk.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_film_without_a_face_is_no_fault_and_is_said()
    {
        await FilmClips.FfmpegAsync(["-f", "lavfi", "-i", "color=gray:size=320x240:rate=10:duration=1"], FilmClips.H264, [At("wall.mp4")]);
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "video",
            At("wall.mp4"),
            "--csv",
            At("o.csv"),
            "--jsonl",
            At("o.jsonl")
        );
        Assert.True(exitCode == 0, errors);
        Assert.Contains("wall.mp4: no face in 10 frames (0.9 s).", output, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(At("o.csv")));
        Assert.Equal(10, File.ReadAllLines(At("o.jsonl")).Length);
    }

    [Fact]
    public Task A_film_of_zero_length()
    {
        File.WriteAllBytes(At("empty.mp4"), []);
        return RefusedAsync("empty.mp4", "is empty (0 bytes)");
    }

    [Fact]
    public async Task A_film_without_frames()
    {
        await FilmClips.FfmpegAsync(["-f", "lavfi", "-i", "sine=440:duration=1", "-c:a", "aac", At("sound.mp4")]);
        await RefusedAsync("sound.mp4", "cannot be read");
    }

    [Fact]
    public async Task A_film_whose_index_is_missing()
    {
        var whole = await File.ReadAllBytesAsync(clips.Slow, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(At("cut.mp4"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        await RefusedAsync("cut.mp4", "cannot be read");
    }

    [Fact]
    public async Task A_film_that_breaks_off_gives_what_there_is()
    {
        await FilmClips.FfmpegAsync(["-i", clips.Slow, "-map", "0", "-c", "copy", At("whole.mkv")]);
        var whole = await File.ReadAllBytesAsync(At("whole.mkv"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(At("broken.mkv"), whole[..(whole.Length * 2 / 3)], TestContext.Current.CancellationToken);
        var (exitCode, output, errors) = await NodeProcess.RunAsync("video", At("broken.mkv"), "--out", At("o.mp4"), "--csv", At("o.csv"));
        Assert.Equal(1, exitCode);
        Assert.Matches(@"Video '\S*broken\.mkv' breaks off at \d\.\d s of 10\.0 s \(.+\): it is damaged; copy it again\.", errors);
        Assert.Contains("broken.mkv: ", output, StringComparison.Ordinal);
        Assert.InRange((await FilmClips.TimesAsync(At("o.mp4"))).Count, FilmClips.Frames / 3, FilmClips.Frames - 1);
        VideoTests.AssertWholeRows(At("o.csv"));
    }

    [Fact]
    public async Task Time_stamps_that_go_back()
    {
        await using (var file = File.Create(At("back.mkv")))
        {
            var film = new RawMatroska(file);
            film.Begin(160, 120, 10);
            for (var frame = 0; frame < 20; frame++)
                film.Add(TimeSpan.FromSeconds(0.1 * (frame < 10 ? frame : frame - 6)), new byte[160 * 120 * 4]);
        }

        var (exitCode, _, errors) = await NodeProcess.RunAsync("video", At("back.mkv"), "--out", At("o.mp4"), "--jsonl", At("o.jsonl"));
        Assert.True(exitCode == 0, errors);
        Assert.Contains($"The time stamps of '{At("back.mkv")}' go back once, first at frame 11", errors, StringComparison.Ordinal);
        var times = await FilmClips.TimesAsync(At("o.mp4"));
        Assert.Equal(Enumerable.Range(0, 20).Select(frame => 0.1 * frame), times, (stated, found) => Math.Abs(stated - found) < 0.0011);
        Assert.Equal(20, File.ReadAllLines(At("o.jsonl")).Length);
    }

    [Fact]
    public async Task A_disk_that_is_full_ends_the_rows_with_a_whole_one()
    {
        Assert.SkipWhen(_disk is null, "Only root can make a small disk.");
        var (exitCode, _, errors) = await NodeProcess.RunAsync(
            "video",
            clips.Slow,
            "--csv",
            Path.Combine(_disk.Folder, "o.csv"),
            "--out",
            At("o.mp4")
        );
        Assert.Equal(1, exitCode);
        Assert.Contains("o.csv' cannot be written (No space left on device", errors, StringComparison.Ordinal);
        Assert.Contains("make room, or choose another place", errors, StringComparison.Ordinal);
        VideoTests.AssertWholeRows(Path.Combine(_disk.Folder, "o.csv"));
        Assert.True(new FileInfo(Path.Combine(_disk.Folder, "o.csv")).Length > 20_000);
        Assert.NotEmpty(await FilmClips.TimesAsync(At("o.mp4")));
    }

    [Fact]
    public async Task A_disk_that_is_full_leaves_a_film_that_can_be_played()
    {
        Assert.SkipWhen(_disk is null, "Only root can make a small disk.");
        var (exitCode, _, errors) = await NodeProcess.RunAsync(
            "video",
            clips.Slow,
            "--out",
            Path.Combine(_disk.Folder, "o.mkv"),
            "--csv",
            At("o.csv")
        );
        Assert.Equal(1, exitCode);
        Assert.Contains("o.mkv' cannot be written (", errors, StringComparison.Ordinal);
        Assert.Contains("No space left on device", errors, StringComparison.Ordinal);
        Assert.NotEmpty(await FilmClips.TimesAsync(Path.Combine(_disk.Folder, "o.mkv")));
        VideoTests.AssertWholeRows(At("o.csv"));
    }

    [Fact]
    public async Task Arguments_that_cannot_be_meant_are_bad_usage()
    {
        foreach (
            var (arguments, sentence) in (
                (string[], string)[])[
                    ([clips.Slow], "There is nothing to make of the film"),
                    ([clips.Slow, "--out", clips.Slow], "which is the film itself"),
                    ([clips.Slow, clips.Uneven, "--csv", At("o.csv")], "but there are several films"),
                ]
        )
        {
            var (exitCode, _, errors) = await NodeProcess.RunAsync(["video", .. arguments]);
            Assert.Equal(2, exitCode);
            Assert.Contains(sentence, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
    }

    private async Task RefusedAsync(string film, string reason)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync("video", At(film), "--out", At("o.mp4"), "--csv", At("o.csv"));
        Assert.Equal(1, exitCode);
        Assert.Contains($"Video '{At(film)}' {reason}", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Equal("", output);
        Assert.False(File.Exists(At("o.mp4")) || File.Exists(At("o.csv")), "half-written files");
    }

    private string At(string name) => Path.Combine(_folder, name);
}
