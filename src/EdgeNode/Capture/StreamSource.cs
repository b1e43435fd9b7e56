using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>An RTSP or HTTP stream, decoded by FFmpeg to BGR; live. RTSP goes over TCP where the server allows it.</summary>
public sealed class StreamSource : IFrameSource
{
    // CAP_PROP_OPEN_TIMEOUT_MSEC and CAP_PROP_READ_TIMEOUT_MSEC of OpenCV 4.5.2 and later; OpenCvSharp has no names for them.
    private const int OpenTimeoutProperty = 53;
    private const int ReadTimeoutProperty = 54;

    private readonly VideoReader _reader;

    /// <summary>Connects and decodes the first frame.</summary>
    /// <param name="url">The address, with user and password if the server wants them.</param>
    /// <param name="readTimeout">How long a read waits for the server before the stream counts as ended.</param>
    /// <param name="openTimeout">How long connecting may take; by default 10 s.</param>
    /// <exception cref="SourceException">Nothing that can be decoded comes from there; the address is named without its password.</exception>
    public StreamSource(string url, TimeSpan readTimeout, TimeSpan? openTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        var open = openTimeout ?? TimeSpan.FromSeconds(10);
        var name = SourceName.WithoutPassword(url);
        var capture = new VideoCapture(url, VideoCaptureAPIs.FFMPEG, [OpenTimeoutProperty, (int)open.TotalMilliseconds, ReadTimeoutProperty, (int)readTimeout.TotalMilliseconds]);
        _reader = VideoReader.TryStart(capture)
            ?? throw new SourceException($"Stream '{name}' can't be opened; check that the server runs and is reachable, the address, user and password, and that it sends video.");
        Info = new SourceInfo { Description = name, Width = _reader.Width, Height = _reader.Height, Fps = _reader.Fps, Layout = PixelLayout.Bgr, IsLive = true };
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _reader.Read(pool, PixelLayout.Bgr);
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
