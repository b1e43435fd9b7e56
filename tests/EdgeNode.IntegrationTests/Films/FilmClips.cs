namespace FaceLandmark.Tests.Films;

/// <summary>Films made of a photograph by ffmpeg, once for all tests.</summary>
public sealed class FilmClips : IAsyncLifetime
{
    private static readonly string s_photograph = Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg");

    public string Folder { get; } = Directory.CreateTempSubdirectory("films-").FullName;

    /// <summary>Two faces that move, frames at uneven distances, with sound.</summary>
    public string Uneven => Path.Combine(Folder, "uneven.mkv");

    /// <summary>Two faces that move at five frames a second for ten seconds, with sound.</summary>
    public string Slow => Path.Combine(Folder, "slow.mp4");

    /// <summary>Two shots of a second at ten frames a second, each of another face in the same place.</summary>
    public string TwoShots => Path.Combine(Folder, "shots.mp4");

    /// <summary>Frames of the others.</summary>
    public const int Frames = 50;

    public async ValueTask InitializeAsync()
    {
        const string moving = "[0:v]scale=960:720,crop=640:480:x='80+60*t':y=100,setsar=1";
        await FfmpegAsync(
            ["-loop", "1", "-t", "10", "-framerate", "5", "-i", s_photograph, "-f", "lavfi", "-i", "sine=440:duration=10"],
            ["-filter_complex", moving + "[v]", "-map", "[v]", "-map", "1:a", .. H264, "-c:a", "aac", Slow]
        );
        // Of 20 frames a second each third and each seventh.
        await FfmpegAsync(
            ["-loop", "1", "-t", "2", "-framerate", "20", "-i", s_photograph, "-f", "lavfi", "-i", "sine=440:duration=2"],
            [
                "-filter_complex",
                moving + ",select='not(mod(n,3)*mod(n,7))'[v]",
                "-vsync",
                "vfr",
                "-map",
                "[v]",
                "-map",
                "1:a",
                .. H264,
                "-c:a",
                "aac",
                Uneven,
            ]
        );
        await FfmpegAsync(
            [.. Shot, .. Shot, "-filter_complex"],
            ["[0:v]crop=640:480:'193+4*t':271[a];[1:v]crop=640:480:620:'318+4*t'[b];[a][b]concat[v]", "-map", "[v]", .. H264, TwoShots]
        );
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string[] Shot => ["-loop", "1", "-t", "1", "-framerate", "10", "-i", s_photograph];

    /// <summary>Options that make H.264 fast.</summary>
    public static string[] H264 => ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

    /// <summary>Runs ffmpeg.</summary>
    public static Task FfmpegAsync(params IEnumerable<string>[] arguments) =>
        RunningProgram.OutputOfAsync("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments.SelectMany(part => part)]);

    /// <summary>Times of the pictures of a film in seconds, in order.</summary>
    public static async Task<IReadOnlyList<double>> TimesAsync(string film)
    {
        var text = await RunningProgram.OutputOfAsync(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "frame=best_effort_timestamp_time",
            "-of",
            "csv=p=0",
            film
        );
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => double.Parse(line.Trim(','), System.Globalization.CultureInfo.InvariantCulture))
                .Order(),
        ];
    }

    /// <summary>What ffprobe says of a film's streams, one property.</summary>
    public static async Task<string> PropertyAsync(string film, string streams, string property) =>
        (
            await RunningProgram.OutputOfAsync(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                streams,
                "-show_entries",
                "stream=" + property,
                "-of",
                "csv=p=0",
                film
            )
        ).Trim();
}
