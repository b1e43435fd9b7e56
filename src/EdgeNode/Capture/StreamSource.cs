using System.Globalization;
using System.Text;
using FaceLandmark.Platform;
using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>An RTSP (over TCP) or HTTP stream, decoded by the system's <c>ffmpeg</c> to BGR; live.</summary>
internal sealed class StreamSource : IFrameSource
{
    private const long MostPixels = 100_000_000;

    // Each frame once, none doubled or left out to keep a rate: FFmpeg 5.1 and later, FFmpeg before 9, and any other as it does by itself.
    private static readonly string[] s_keepFrames = ["-fps_mode passthrough", "-vsync passthrough", ""];

    private readonly FfmpegProcess _ffmpeg = null!;
    private readonly BufferedStream _output = null!;
    private readonly string _name;
    private readonly TimeSpan _readTimeout;
    private readonly Timer _timer = null!;
    private volatile bool _waitedInVain;
    private readonly byte[] _i420;
    private readonly Mat _yuv;
    private readonly Mat _bgr = new();

    /// <summary>Connects and waits for the decoder to tell the size.</summary>
    /// <param name="url">The address, with user and password if the server wants them.</param>
    /// <param name="readTimeout">How long a read waits for a frame before it fails: the stream has stalled.</param>
    /// <param name="openTimeout">How long connecting may take; by default 10 s.</param>
    /// <param name="program">Name or path of <c>ffmpeg</c>.</param>
    /// <exception cref="SourceException">Nothing that can be decoded comes from there; the address is named without its
    /// password.</exception>
    public StreamSource(string url, TimeSpan readTimeout, TimeSpan? openTimeout = null, string program = "ffmpeg")
    {
        ArgumentNullException.ThrowIfNull(url);
        var name = _name = PublicText.Address(url);
        _readTimeout = readTimeout;
        (int Width, int Height, double Fps) header = default;
        if (url.Any(char.IsControl))
            throw new SourceException($"Stream '{PublicText.Shown(name)}' is no address: it holds control characters.");
        var (attempt, asksForTcp) = (0, true);
        while (true)
        {
            _ffmpeg = new FfmpegProcess(url, program, s_keepFrames[attempt], asksForTcp);
            _output = new BufferedStream(_ffmpeg.Output, 1 << 16);
            // The process's own limit, on the process's own clock: whatever it hangs in, killing it ends the read.
            _timer = new Timer(_ => GiveUp(), null, openTimeout ?? TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
            if (SizeAndRate(ReadLine()) is { } found)
            {
                header = found;
                break;
            }

            var error = _ffmpeg.Errors();
            Release();
            if (asksForTcp && error.Contains("nknown keyword", StringComparison.Ordinal))
                asksForTcp = false;
            else if (RefusesOption(error) && attempt < s_keepFrames.Length - 1)
                attempt++;
            else
                throw new SourceException(
                    $"Stream '{name}' can't be opened"
                        + (
                            RefusesOption(error)
                                ? $": the program '{program}' refuses an option ({error}); install FFmpeg 4.2 or later."
                                : $" ({(error.Length > 0 ? error : "no answer")}); check that the server runs and is reachable, "
                                    + "the address, user and "
                                    + "password, and that it sends video."
                        )
                );
        }

        if ((long)header.Width * header.Height > MostPixels)
            throw new SourceException(
                $"Stream '{name}' sends pictures of {header.Width}x{header.Height}, too large for frames; have it send smaller ones."
            );
        Info = new SourceInfo
        {
            Description = name,
            Width = header.Width,
            Height = header.Height,
            Fps = header.Fps,
            Layout = PixelLayout.Bgr,
            IsLive = true,
        };
        _i420 = GC.AllocateUninitializedArray<byte>(header.Width * header.Height * 3 / 2, pinned: true);
        _yuv = Mat.FromPixelData(header.Height * 3 / 2, header.Width, MatType.CV_8UC1, _i420);
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.UnsafeRegister(static ffmpeg => ((FfmpegProcess)ffmpeg!).Kill(), _ffmpeg);
        _timer.Change(_readTimeout, Timeout.InfiniteTimeSpan);
        _waitedInVain = false;
        var isComplete =
            ReadLine().StartsWith("FRAME", StringComparison.Ordinal)
            && _output.ReadAtLeast(_i420, _i420.Length, throwOnEndOfStream: false) == _i420.Length;
        cancellationToken.ThrowIfCancellationRequested();
        if (!isComplete && _waitedInVain)
            throw new SourceException(SourceException.Silence(_name, _readTimeout), CameraCondition.Stalled);
        if (!isComplete)
            return null;
        Cv2.CvtColor(_yuv, _bgr, ColorConversionCodes.YUV2BGR_I420);
        return MatToFrame.Copy(_bgr, pool, PixelLayout.Bgr);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _yuv.Dispose();
        _bgr.Dispose();
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

    private static bool RefusesOption(string error) =>
        error.Contains("nrecognized option", StringComparison.Ordinal)
        || error.Contains("Option not found", StringComparison.Ordinal)
        || (error.Contains("Option ", StringComparison.Ordinal) && error.Contains("not found", StringComparison.Ordinal));

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

    private void Release()
    {
        _timer.Dispose();
        _ffmpeg.Dispose();
        _output.Dispose();
    }
}
