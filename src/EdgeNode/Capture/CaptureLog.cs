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
        "{Camera}: {Width}x{Height} at {Fps} frames a second in {Format} was asked for, but the device grants something else (see above); "
            + "set Width, Height, Fps and Format to what it offers: {Offers}"
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
        "{Camera}: {Cause} It is tried again for ever, next in {Seconds} s; the same cause is logged once a minute"
    )]
    public static partial void Failed(ILogger logger, Exception? error, string camera, string cause, double seconds);

    [LoggerMessage(103, LogLevel.Warning, "{Camera}: {Cause}")]
    public static partial void Stalled(ILogger logger, string camera, string cause);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "{Camera}: the call into the driver doesn't come back, so its thread is left behind ({Threads} so far) "
            + "and the source is opened again"
    )]
    public static partial void LeftBehind(ILogger logger, string camera, int threads);

    [LoggerMessage(105, LogLevel.Information, "{Camera}: frames come again")]
    public static partial void Resumed(ILogger logger, string camera);

    [LoggerMessage(106, LogLevel.Information, "{Camera}: '{Source}' came to its end after {Frames} frames")]
    public static partial void Ended(ILogger logger, string camera, string source, long frames);

    [LoggerMessage(107, LogLevel.Warning, "{Reason} It is skipped")]
    public static partial void PictureSkipped(ILogger logger, string reason);

    [LoggerMessage(108, LogLevel.Error, "{Camera}: {Cause} It stays off")]
    public static partial void GivenUp(ILogger logger, string camera, string cause);
}
