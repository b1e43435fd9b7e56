using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>An RTSP (over TCP) or HTTP stream, decoded by the system's <c>ffmpeg</c> to YUY2; live.</summary>
internal sealed class StreamSource : IFrameSource
{
    private readonly FfmpegVideo _video;
    private readonly TimeSpan _readTimeout;

    /// <summary>Connects and waits for the decoder to tell the size.</summary>
    /// <param name="url">The address, with user and password if the server wants them.</param>
    /// <param name="readTimeout">How long a read waits for a frame before it fails: the stream has stalled.</param>
    /// <param name="openTimeout">How long connecting may take; by default 10 s.</param>
    /// <param name="program">Name or path of <c>ffmpeg</c>.</param>
    /// <exception cref="SourceException">Nothing that can be decoded comes; the address is named without its password.</exception>
    public StreamSource(string url, TimeSpan readTimeout, TimeSpan? openTimeout = null, string program = "ffmpeg")
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Any(char.IsControl))
            throw new SourceException(
                $"Stream '{PublicText.Shown(PublicText.Address(url))}' is not an address: it contains control characters."
            );
        _readTimeout = readTimeout;
        _video = new FfmpegVideo(FfmpegInput.Stream(url), openTimeout ?? TimeSpan.FromSeconds(10), program);
        Info = _video.Info;
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken) => _video.Read(pool, _readTimeout, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _video.Dispose();
}
