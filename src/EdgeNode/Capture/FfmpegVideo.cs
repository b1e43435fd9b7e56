using System.Globalization;
using System.Text;

namespace FaceLandmark.Capture;

/// <summary>
/// A video that the system's <c>ffmpeg</c> decodes to YUV4MPEG2 (4:2:0), as YUY2 frames: each frame once, turned as the file says, an odd
/// last column or row left out. Two rows share their colours, as in the video; nothing is computed.
/// </summary>
internal sealed unsafe class FfmpegVideo : IDisposable
{
    private const long MostPixels = 100_000_000;

    // Each frame once, none doubled or left out to keep a rate: FFmpeg 5.1 and later, FFmpeg before 9, and any other as it does by itself.
    private static readonly string[] s_keepFrames = ["-fps_mode passthrough", "-vsync passthrough", ""];

    private readonly FfmpegInput _input;
    private readonly FfmpegProcess _ffmpeg = null!;
    private readonly BufferedStream _output = null!;
    private readonly Timer _timer = null!;
    private readonly byte[] _planes;
    private readonly SceneCuts _cuts = new();
    private long _frames;
    private volatile bool _waitedInVain;

    /// <summary>Starts the program and waits until it tells the size, which it does with the first frame.</summary>
    /// <param name="input">What to decode.</param>
    /// <param name="openTimeout">How long that may take.</param>
    /// <param name="program">Name or path of <c>ffmpeg</c>.</param>
    /// <exception cref="SourceException">Nothing that can be decoded comes from there, or the program is not installed.</exception>
    public FfmpegVideo(FfmpegInput input, TimeSpan openTimeout, string program)
    {
        _input = input;
        var (attempt, asksForTcp) = (0, true);
        while (true)
        {
            _ffmpeg = new FfmpegProcess(input, program, s_keepFrames[attempt], asksForTcp);
            _output = new BufferedStream(_ffmpeg.Output, 1 << 16);
            // The process's own limit, on the process's own clock: whatever it hangs in, killing it ends the read.
            _timer = new Timer(_ => GiveUp(), null, openTimeout, Timeout.InfiniteTimeSpan);
            if (SizeAndRate(ReadLine()) is { } found)
            {
                (Width, Height, Fps) = found;
                KeepFrames = s_keepFrames[attempt];
                break;
            }

            var error = _ffmpeg.Errors();
            Dispose();
            if (asksForTcp && error.Contains("nknown keyword", StringComparison.Ordinal))
                asksForTcp = false;
            else if (RefusesOption(error) && attempt < s_keepFrames.Length - 1)
                attempt++;
            else
                throw new SourceException(Refusal(input, program, error));
        }

        if ((long)Width * Height > MostPixels)
        {
            Dispose();
            throw new SourceException(
                $"{input.Subject} {(input.IsFile ? "has" : "sends")} pictures of {Width}x{Height}, which are too large; "
                    + (input.IsFile ? "convert it to a smaller size." : "let it send a smaller size.")
            );
        }

        _planes = GC.AllocateUninitializedArray<byte>(Width * Height * 3 / 2);
    }

    /// <summary>Width in pixels, even.</summary>
    public int Width { get; }

    /// <summary>Height in pixels, even.</summary>
    public int Height { get; }

    /// <summary>Frames a second as the video states them; 0 where it states none or nonsense.</summary>
    public double Fps { get; }

    /// <summary>The option, in words, by which this version of the program keeps each frame once.</summary>
    public string KeepFrames { get; }

    /// <summary>What the video is to the node.</summary>
    public SourceInfo Info =>
        new()
        {
            Description = _input.Name,
            Width = Width,
            Height = Height,
            Fps = Fps,
            Layout = PixelLayout.Yuy2,
            IsLive = !_input.IsFile,
        };

    /// <summary>The next frame, owned by the caller, or null when no more come.</summary>
    /// <param name="pool">Where it comes from.</param>
    /// <param name="timeout">How long it is waited for.</param>
    /// <param name="cancellationToken">Ends the wait, and the program.</param>
    /// <exception cref="SourceException">Nothing came in time (<see cref="CameraCondition.Stalled"/>).</exception>
    public Frame? Read(FramePool pool, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var kill = cancellationToken.UnsafeRegister(static ffmpeg => ((FfmpegProcess)ffmpeg!).Kill(), _ffmpeg);
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
        _waitedInVain = false;
        var isComplete =
            ReadLine().StartsWith("FRAME", StringComparison.Ordinal)
            && _output.ReadAtLeast(_planes, _planes.Length, throwOnEndOfStream: false) == _planes.Length;
        cancellationToken.ThrowIfCancellationRequested();
        if (!isComplete && _waitedInVain)
            throw new SourceException(SourceException.Silence(_input.Name, timeout), CameraCondition.Stalled);
        if (!isComplete)
            return null;
        var frame = pool.Rent(Width, Height, PixelLayout.Yuy2);
        Weave(frame);
        frame.BeginsShot = _input.IsFile && _cuts.IsCut(_planes, Width, Height);
        if (_input.TellsTimes)
            frame.FilmTime = _ffmpeg.TimeOf(_frames);
        _frames++;
        return frame;
    }

    /// <summary>
    /// Once no more frames come: what the program complained of when it gave up on the video; null when it reached the end.
    /// </summary>
    public string? Failure() => _ffmpeg.HasFailed() ? _ffmpeg.Errors() : null;

    /// <summary>What the program complained of, also where it went on; empty if nothing. Ends it.</summary>
    public string Complaints() => _ffmpeg.Errors();

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _ffmpeg.Dispose();
        _output.Dispose();
    }

    /// <summary>Reads a header line such as <c>YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420</c>; null if it is none.</summary>
    internal static (int Width, int Height, double Fps)? SizeAndRate(string line)
    {
        var words = line.Split(' ');
        if (words[0] != "YUV4MPEG2")
            return null;
        var rate = Word('F').Split(':');
        return
            int.TryParse(Word('W'), CultureInfo.InvariantCulture, out var width)
            && int.TryParse(Word('H'), CultureInfo.InvariantCulture, out var height)
            ? (
                width,
                height,
                rate is [var n, var d]
                && double.TryParse(n, CultureInfo.InvariantCulture, out var over)
                && double.TryParse(d, CultureInfo.InvariantCulture, out var under)
                && over / under is > 0 and <= 1000
                    ? over / under
                    : 0
            )
            : null;

        string Word(char letter) => words.FirstOrDefault(word => word.StartsWith(letter))?[1..] ?? "";
    }

    private static string Refusal(FfmpegInput input, string program, string error)
    {
        if (RefusesOption(error))
            return $"{input.Subject} cannot be opened: the program '{program}' refuses an option ({error}); install FFmpeg 4.2 or later.";
        if (input.IsFile)
            return $"{input.Subject} cannot be read{(error.Length > 0 ? $" ({error})" : "")}: it is damaged, not a video, or in a format "
                + "that the installed FFmpeg does not decode; convert it to MP4 (H.264).";
        return $"{input.Subject} cannot be opened ({(error.Length > 0 ? error : "no answer")}); check the address, user and password, "
            + "and that the server runs, is reachable and sends video.";
    }

    private static bool RefusesOption(string error) =>
        error.Contains("nrecognized option", StringComparison.Ordinal)
        || error.Contains("Option not found", StringComparison.Ordinal)
        || (error.Contains("Option ", StringComparison.Ordinal) && error.Contains("not found", StringComparison.Ordinal));

    private void Weave(Frame frame)
    {
        var half = Width / 2;
        fixed (byte* planes = _planes)
        {
            var blues = planes + ((long)Width * Height);
            var reds = blues + ((long)half * (Height / 2));
            for (var row = 0; row < Height; row++)
            {
                var colours = (long)(row / 2) * half;
                var target = (byte*)frame.Address + ((long)row * frame.Stride);
                Yuy2Rows.Weave(planes + ((long)row * Width), blues + colours, reds + colours, target, Width);
            }
        }
    }

    // The lines are short; "" at the end of the stream.
    private string ReadLine()
    {
        var line = new StringBuilder(8);
        for (var next = _output.ReadByte(); next is >= 0 and not '\n' && line.Length < 256; next = _output.ReadByte())
            line.Append((char)next);
        return line.ToString();
    }

    private void GiveUp()
    {
        _waitedInVain = true;
        _ffmpeg.Kill();
    }
}
