using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>
/// A video file, decoded by the system's <c>ffmpeg</c> to YUY2: every frame, as fast as they are taken; at the end it ends or starts again.
/// </summary>
internal sealed class VideoFileSource : IFrameSource
{
    // A file is there; only a disk that hangs takes so long.
    private static readonly TimeSpan s_openTimeout = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly bool _loop;
    private readonly string _program;
    private readonly bool _tellsTimes;
    private FfmpegVideo _video;
    private long _frames;

    /// <summary>Opens the file and decodes its first frame.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loop">True: it starts again at its end and so never ends.</param>
    /// <param name="program">Name or path of <c>ffmpeg</c>.</param>
    /// <param name="tellsTimes">Whether frames have their <see cref="Frame.FilmTime"/>.</param>
    /// <exception cref="SourceException">It does not exist, is empty or not a video, or there is no <c>ffmpeg</c>.</exception>
    public VideoFileSource(string path, bool loop, string program = "ffmpeg", bool tellsTimes = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        (_path, _loop, _program, _tellsTimes) = (path, loop, program, tellsTimes);
        _video = Start();
        Info = _video.Info;
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <summary>The option, in words, by which this version of <c>ffmpeg</c> keeps each frame once.</summary>
    public string KeepFrames => _video.KeepFrames;

    /// <inheritdoc/>
    /// <exception cref="SourceException">The file is damaged so that the decoder gave up on it.</exception>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        var frame = _video.Read(pool, Timeout.InfiniteTimeSpan, cancellationToken);
        if (frame is null && _video.Failure() is { } failure)
            throw new SourceException(
                $"Video '{_path}' breaks off after {_frames} {(_frames == 1 ? "frame" : "frames")} ({failure}): it is damaged; "
                    + "copy it again."
            );
        if (frame is null && _loop)
        {
            // Opened again, because seeking back to the start is not exact in every container.
            _video.Dispose();
            _video = Start();
            _frames = 0;
            frame = _video.Read(pool, Timeout.InfiniteTimeSpan, cancellationToken);
        }

        _frames++;
        return frame;
    }

    /// <summary>Once no more frames come: what the decoder complained of, also where it went on; empty if nothing.</summary>
    public string Complaints() => _video.Complaints();

    /// <inheritdoc/>
    public void Dispose() => _video.Dispose();

    private FfmpegVideo Start()
    {
        var file = new FileInfo(_path);
        if (!file.Exists)
            throw new SourceException($"Video '{_path}' does not exist; correct the path.");
        if (RegularFile.Problem(_path) is { } problem)
            throw new SourceException($"Video '{_path}' {problem}.");
        if (file.Length == 0)
            throw new SourceException($"Video '{_path}' is empty (0 bytes); copy it again.");
        return new FfmpegVideo(FfmpegInput.File(_path) with { TellsTimes = _tellsTimes }, s_openTimeout, _program);
    }
}
