using System.Runtime.InteropServices;
using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>
/// Keeps OpenCV and FFmpeg from writing to standard error on their own: what goes wrong is told once, by us, in a sentence.
/// </summary>
internal static partial class OpenCvLog
{
    private const string OpenCvLevel = "OPENCV_LOG_LEVEL";
    private const string FfmpegLevel = "OPENCV_FFMPEG_LOGLEVEL";

    /// <summary>
    /// Silences both, except where the user's environment sets a level. FFmpeg reads its level at the first opening, so this comes before.
    /// </summary>
    public static void Silence()
    {
        if (Environment.GetEnvironmentVariable(OpenCvLevel) is null)
            Cv2.SetLogLevel(LogLevel.SILENT);
        if (Environment.GetEnvironmentVariable(FfmpegLevel) is null)
            // Environment.SetEnvironmentVariable does not reach native code on Linux. -8 is AV_LOG_QUIET.
            _ = SetEnvironment(FfmpegLevel, "-8", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
