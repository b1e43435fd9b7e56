using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FaceLandmark.Films;

/// <summary>
/// A film as it is written by the system's <c>ffmpeg</c>: pictures as H.264 at their own times, the sound of the film that they come from.
/// Its file can be played whenever the writing ends: MP4 goes out in fragments of two seconds, and Matroska is like that anyway. One
/// thread at a time.
/// </summary>
internal sealed partial class AnnotatedFilm : IDisposable
{
    private const int Terminate = 15;
    private const int LinesKept = 12;
    private const int NotFound = 2;
    private const string Mp4 = "mp4";
    private const string Matroska = "matroska";

    // What MP4 holds as it is; other sound becomes AAC there. Matroska holds all.
    private static readonly string[] s_soundOfMp4 = ["aac", "mp3", "ac3", "eac3", "alac", "opus", "flac", "mp2"];

    private readonly string _path;
    private readonly Process _process;
    private readonly Queue<string> _said = [];
    private readonly ManualResetEventSlim _hasSaidAll = new();
    private readonly BufferedStream _pipe;
    private readonly RawMatroska _stream;
    private bool _hasEnded;

    /// <summary>Starts the program.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="film">The film that the pictures come from.</param>
    /// <param name="facts">What its container says.</param>
    /// <param name="first">The first picture: its width, its height in pixels, and its time.</param>
    /// <param name="fps">Pictures a second as the film states them; 0 where it states none.</param>
    /// <param name="keepFrames">The option, in words, by which this version of the program keeps each picture once.</param>
    /// <param name="program">Name or path of <c>ffmpeg</c>.</param>
    /// <exception cref="FilmException">It is not installed.</exception>
    public AnnotatedFilm(
        string path,
        string film,
        FilmFacts facts,
        (int Width, int Height, TimeSpan At) first,
        double fps,
        string keepFrames,
        string program = "ffmpeg"
    )
    {
        ArgumentNullException.ThrowIfNull(facts);
        _path = path;
        var start = new ProcessStartInfo(program, Arguments(path, film, facts, first.At, keepFrames))
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new FilmException(
                $"'{path}' needs the program '{program}', which "
                    + (
                        e.NativeErrorCode == NotFound
                            ? "is not installed; install it (sudo apt-get install ffmpeg)."
                            : $"cannot be started: {e.Message}"
                    ),
                e
            );
        }

        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _pipe = new BufferedStream(_process.StandardInput.BaseStream, 1 << 16);
        _stream = new RawMatroska(_pipe);
        Send(() => _stream.Begin(first.Width, first.Height, fps));
    }

    /// <summary>Why a path cannot be that of a film, in a sentence; null when it can.</summary>
    public static string? Refuse(string path) =>
        FormatOf(path) is null ? $"--out is '{path}', but must name an .mp4, .m4v, .mov or .mkv file, or a folder." : null;

    /// <summary>Adds a picture; waits until the program has room for it.</summary>
    /// <param name="at">When it is to be seen: later than the one before.</param>
    /// <param name="pixels">Blue, green, red and anything for each pixel, row after row, in the size of the first.</param>
    /// <exception cref="FilmException">The film cannot be written. What was written until then can be played.</exception>
    public void Add(TimeSpan at, ReadOnlySpan<byte> pixels)
    {
        try
        {
            _stream.Add(at, pixels);
        }
        catch (IOException reason)
        {
            throw Refusal(reason);
        }
    }

    /// <summary>Completes the film and waits for the program's end.</summary>
    /// <param name="isWhole">False: the film breaks off here, and so does its sound.</param>
    /// <exception cref="FilmException">The film cannot be written. What was written until then can be played.</exception>
    public void End(bool isWhole)
    {
        Send(_pipe.Flush);
        _hasEnded = true;
        if (!isWhole)
            _ = Kill(_process.Id, Terminate); // it completes what it has
        Send(_process.StandardInput.Close);
        _process.WaitForExit();
        if (_process.ExitCode != 0 && isWhole)
            throw Refusal(null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_hasEnded)
        {
            try
            {
                _process.Kill();
                _process.WaitForExit();
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }
        }

        _process.Dispose();
    }

    private static string? FormatOf(string path) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".MP4" or ".M4V" or ".MOV" => Mp4,
            ".MKV" => Matroska,
            _ => null,
        };

    private static IEnumerable<string> Arguments(string path, string film, FilmFacts facts, TimeSpan first, string keepFrames)
    {
        var format = FormatOf(path) ?? throw new ArgumentException(Refuse(path), nameof(path));
        var copiesSound = format == Matroska || facts.AudioCodecs.All(s_soundOfMp4.Contains);
        return
        [
            "-nostdin",
            "-loglevel",
            "error",
            "-y",
            // The program lets each input begin at zero; the pictures begin where they do.
            "-itsoffset",
            first.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture),
            "-f",
            "matroska",
            "-i",
            "pipe:0",
            "-protocol_whitelist",
            "file,pipe,fd,crypto,data",
            "-i",
            "file:" + Path.GetFullPath(film),
            "-map",
            "0:v:0",
            "-map",
            "1:a?",
            "-map_metadata",
            "1",
            "-map_chapters",
            "-1",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "18",
            // Without pictures that wait for later ones: in fragments those would begin late, and the sound would not.
            "-bf",
            "0",
            "-pix_fmt",
            "yuv420p",
            .. keepFrames.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            // Finer than any rate of pictures, so that each keeps its time.
            "-enc_time_base",
            "1:90000",
            "-force_key_frames",
            "expr:gte(t,n_forced*2)",
            "-c:a",
            copiesSound ? "copy" : "aac",
            .. format == Mp4
                ? (string[])["-video_track_timescale", "90000", "-movflags", "+frag_keyframe+delay_moov+default_base_moof"]
                // Left to itself it moves all times where the sound begins before 0, as AAC does, and its first packet comes first.
                : ["-avoid_negative_ts", "disabled"],
            "-flush_packets",
            "1",
            "-f",
            format,
            "file:" + Path.GetFullPath(path),
        ];
    }

    private void Send(Action write)
    {
        try
        {
            write();
        }
        catch (IOException reason)
        {
            throw Refusal(reason);
        }
    }

    private FilmException Refusal(IOException? reason)
    {
        _hasEnded = _process.WaitForExit(TimeSpan.FromSeconds(10));
        _hasSaidAll.Wait(TimeSpan.FromSeconds(5));
        string said;
        lock (_said)
            said = string.Join("; ", _said.Distinct(StringComparer.Ordinal));
        return new FilmException(
            said.Contains("Unknown encoder", StringComparison.Ordinal)
                ? $"'{_path}' cannot be written: the installed FFmpeg has no encoder libx264; install one that has it."
                : $"'{_path}' cannot be written ({(said.Length > 0 ? said : reason?.Message ?? "ffmpeg gave up")}); make room, or choose "
                    + "another place. What was written until then can be played.",
            reason
        );
    }

    private void Hear(string? line)
    {
        if (line is null)
            _hasSaidAll.Set();
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_said)
        {
            if (_said.Count == LinesKept)
                _said.Dequeue();
            _said.Enqueue(line.Trim());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
