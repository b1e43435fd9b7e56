using Microsoft.Extensions.Logging;

namespace FaceLandmark.Capture;

/// <summary>What capture logs; event ids 100 to 199.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(
        100,
        LogLevel.Information,
        "{Camera}: '{Source}' is open: {Width}x{Height} at {Fps} frames a second, {Layout}, format {Format}, serial number {Serial}"
    )]
    public static partial void Opened(
        ILogger logger,
        string camera,
        string source,
        int width,
        int height,
        double fps,
        PixelLayout layout,
        string format,
        string serial
    );

    [LoggerMessage(
        101,
        LogLevel.Warning,
        "{Camera}: {Width}x{Height} at {Fps} frames a second in {Format} was requested, but the device delivers something else "
            + "(see above); set Width, Height, Fps and Format to what it offers: {Offers}"
    )]
    public static partial void NotAsAsked(
        ILogger logger,
        string camera,
        int width,
        int height,
        double fps,
        string format,
        string offers
    );

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "{Camera}: {Cause} The node tries again in {Seconds} s, and keeps trying; it logs the same cause once a minute"
    )]
    public static partial void Failed(ILogger logger, Exception? error, string camera, string cause, double seconds);

    [LoggerMessage(103, LogLevel.Warning, "{Camera}: {Cause}")]
    public static partial void Stalled(ILogger logger, string camera, string cause);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "{Camera}: a call into the driver does not return; the node abandons its thread ({Threads} so far) "
            + "and opens the source again"
    )]
    public static partial void LeftBehind(ILogger logger, string camera, int threads);

    [LoggerMessage(105, LogLevel.Information, "{Camera}: frames arrive again")]
    public static partial void Resumed(ILogger logger, string camera);

    [LoggerMessage(106, LogLevel.Information, "{Camera}: '{Source}' ended after {Frames} frames")]
    public static partial void Ended(ILogger logger, string camera, string source, long frames);

    [LoggerMessage(107, LogLevel.Warning, "{Reason} The node skips it")]
    public static partial void PictureSkipped(ILogger logger, string reason);

    [LoggerMessage(108, LogLevel.Error, "{Camera}: {Cause} The camera stays off")]
    public static partial void GivenUp(ILogger logger, string camera, string cause);
}
