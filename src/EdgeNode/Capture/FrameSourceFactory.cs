using System.Globalization;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Capture;

/// <summary>Opens what <see cref="CameraOptions.Source"/> names; <see cref="KindOf"/> is the rule.</summary>
internal sealed class FrameSourceFactory : IFrameSourceFactory
{
    /// <summary>How many frames of a file are inferred side by side, as nobody waits for one of them.</summary>
    public const int FramesOfFile = 2;

    private static readonly string[] s_streams = ["rtsp://", "rtsps://", "http://", "https://"];

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _demoFolder;
    private readonly PicturesOptions _pictures;

    /// <param name="time">Paces the demo.</param>
    /// <param name="logger">Where skipped pictures are named.</param>
    /// <param name="pictures">How large pictures may be.</param>
    /// <param name="demoFolder">Folder of the demo's photographs; by default <c>assets/demo</c> beside the program.</param>
    public FrameSourceFactory(
        TimeProvider time,
        ILogger<FrameSourceFactory> logger,
        PicturesOptions? pictures = null,
        string? demoFolder = null
    )
    {
        _time = time;
        _logger = logger;
        _pictures = pictures ?? new PicturesOptions();
        _demoFolder = demoFolder ?? Path.Combine(AppContext.BaseDirectory, "assets", "demo");
    }

    /// <summary>
    /// What a source means: <c>demo</c>, an existing folder, an address, a device, an existing file, in this order. <c>Demo</c> in other
    /// letters is the demo where nothing of that name exists.
    /// </summary>
    public static SourceKind KindOf(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source == "demo")
            return SourceKind.Demo;
        if (Directory.Exists(source))
            return SourceKind.Folder;
        if (s_streams.Any(scheme => source.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
            return SourceKind.Stream;
        if (IsDevice(source))
            return SourceKind.Camera;
        if (!File.Exists(source))
            return source.Equals("demo", StringComparison.OrdinalIgnoreCase) ? SourceKind.Demo : SourceKind.Unknown;
        return PictureReader.IsPicture(source) ? SourceKind.Picture : SourceKind.Video;
    }

    /// <summary>Whether frames of such a source come in their own time, so that it is opened again when it fails.</summary>
    public static bool IsLive(string source) => KindOf(source) is SourceKind.Demo or SourceKind.Stream or SourceKind.Camera;

    /// <summary>How many frames such cameras have ready at once: a live one has its newest, a file <see cref="FramesOfFile"/>.</summary>
    public static int FramesReady(IEnumerable<CameraOptions> cameras) =>
        cameras.Sum(camera => IsLive(camera.Source) ? 1 : FramesOfFile);

    /// <inheritdoc/>
    public IFrameSource Open(CameraOptions camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return KindOf(camera.Source) switch
        {
            SourceKind.Demo => new DemoSource(_demoFolder, camera, _time),
            SourceKind.Folder or SourceKind.Picture => new FolderSource(camera.Source, _logger, _pictures),
            SourceKind.Video => new VideoFileSource(camera.Source, camera.Loop),
            SourceKind.Stream => new StreamSource(camera.Source, camera.StallAfter),
            SourceKind.Camera => new CameraSource(camera),
            _ => throw new SourceException(
                $"Source '{PublicText.Address(camera.Source)}' of camera '{camera.Name}' is not an existing file or folder, nor "
                    + "another kind of source; "
                    + "give demo, a device (/dev/video0, /dev/v4l/by-id/..., 0), a video file, a picture, a folder of pictures, "
                    + "or an rtsp:// or http(s):// address."
            ),
        };
    }

    // /dev/shm is memory for files, no place of devices.
    private static bool IsDevice(string source) =>
        int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        || (source.StartsWith("/dev/", StringComparison.Ordinal) && !source.StartsWith("/dev/shm/", StringComparison.Ordinal));
}
