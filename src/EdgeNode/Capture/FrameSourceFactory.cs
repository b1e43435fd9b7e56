using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Capture;

/// <summary>Opens what <see cref="CameraOptions.Source"/> names; <see cref="KindOf"/> is the rule.</summary>
public sealed class FrameSourceFactory : IFrameSourceFactory
{
    private static readonly string[] s_streams = ["rtsp://", "rtsps://", "http://", "https://"];
    private static readonly string[] s_pictures = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _demoFolder;

    /// <param name="time">Paces the demo.</param>
    /// <param name="logger">Where skipped pictures are named.</param>
    /// <param name="demoFolder">Folder of the demo's photographs; by default <c>assets/demo</c> beside the program.</param>
    public FrameSourceFactory(TimeProvider time, ILogger<FrameSourceFactory> logger, string? demoFolder = null)
    {
        _time = time;
        _logger = logger;
        _demoFolder = demoFolder ?? Path.Combine(AppContext.BaseDirectory, "assets", "demo");
        OpenCvLog.Silence();
    }

    /// <summary>What a source means: <c>demo</c>, an existing folder, an address, a device, an existing file, in this order.</summary>
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
            return SourceKind.Unknown;
        return s_pictures.Contains(Path.GetExtension(source), StringComparer.OrdinalIgnoreCase) ? SourceKind.Picture : SourceKind.Video;
    }

    /// <summary>Whether frames of such a source come in their own time, so that it is opened again when it fails.</summary>
    public static bool IsLive(SourceKind kind) => kind is SourceKind.Demo or SourceKind.Stream or SourceKind.Camera;

    /// <inheritdoc/>
    public IFrameSource Open(CameraOptions camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return KindOf(camera.Source) switch
        {
            SourceKind.Demo => new DemoSource(_demoFolder, camera, _time),
            SourceKind.Folder or SourceKind.Picture => new FolderSource(camera.Source, _logger),
            SourceKind.Video => new VideoFileSource(camera.Source, camera.Loop),
            SourceKind.Stream => new StreamSource(camera.Source, camera.StallAfter),
            SourceKind.Camera => new CameraSource(camera),
            _ => throw new SourceException(
                $"Source '{SourceName.WithoutPassword(camera.Source)}' of camera '{camera.Name}' is neither a file nor a folder that exists, nor anything else known; "
                + "give demo, a device (/dev/video0, /dev/v4l/by-id/..., 0), a video file, a picture, a folder of pictures, or an rtsp:// or http(s):// address."),
        };
    }

    // /dev/shm is memory for files, no place of devices.
    private static bool IsDevice(string source) =>
        int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        || (source.StartsWith("/dev/", StringComparison.Ordinal) && !source.StartsWith("/dev/shm/", StringComparison.Ordinal));
}
