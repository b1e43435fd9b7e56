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
    private FfmpegVideo _video;
    private long _frames;

    /// <summary>Opens the file and decodes its first frame.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loop">True: it starts again at its end and so never ends.</param>
    /// <param name="program">Name or path of <c>ffmpeg</c>.</param>
    /// <exception cref="SourceException">It does not exist, is empty or not a video, or there is no <c>ffmpeg</c>.</exception>
    public VideoFileSource(string path, bool loop, string program = "ffmpeg")
    {
        ArgumentNullException.ThrowIfNull(path);
        (_path, _loop, _program) = (path, loop, program);
        _video = Start();
        Info = _video.Info;
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

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
        return new FfmpegVideo(FfmpegInput.File(_path), s_openTimeout, _program);
    }
}
