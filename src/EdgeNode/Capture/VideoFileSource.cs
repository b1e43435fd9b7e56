using FaceLandmark.Platform;
using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>A video file, decoded by FFmpeg to BGR: every frame, as fast as they are taken; at the end it ends or starts again.</summary>
internal sealed class VideoFileSource : IFrameSource
{
    private readonly string _path;
    private readonly bool _loop;
    private VideoReader _reader;

    /// <summary>Opens the file and decodes its first frame.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loop">True: it starts again at its end and so never ends.</param>
    /// <exception cref="SourceException">It is not there, empty, or no video.</exception>
    public VideoFileSource(string path, bool loop)
    {
        ArgumentNullException.ThrowIfNull(path);
        _path = path;
        _loop = loop;
        _reader = Start();
        Info = new SourceInfo
        {
            Description = path,
            Width = _reader.Width,
            Height = _reader.Height,
            Fps = _reader.Fps,
            Layout = PixelLayout.Bgr,
            IsLive = false,
        };
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var frame = _reader.Read(pool, PixelLayout.Bgr);
        if (frame is not null || !_loop)
            return frame;
        // Opened anew, for seeking back to the start is not exact in every container.
        _reader.Dispose();
        _reader = Start();
        return _reader.Read(pool, PixelLayout.Bgr);
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private VideoReader Start()
    {
        var file = new FileInfo(_path);
        if (!file.Exists)
            throw new SourceException($"Video '{_path}' is not there; correct the path.");
        if (RegularFile.Problem(_path) is { } problem)
            throw new SourceException($"Video '{_path}' {problem}.");
        if (file.Length == 0)
            throw new SourceException($"Video '{_path}' is empty (0 bytes); copy it again.");
        // The full path, for FFmpeg takes a name with a colon for a protocol.
        return VideoReader.TryStart(new VideoCapture(file.FullName, VideoCaptureAPIs.FFMPEG))
            ?? throw new SourceException(
                $"Video '{_path}' can't be read: it is damaged, not a video, or in a format that FFmpeg doesn't decode here; "
                    + "convert it to MP4 (H.264)."
            );
    }
}
