using System.Globalization;
using OpenCvSharp;

namespace FaceLandmark.Capture;

/// <summary>
/// The rules around a V4L2 device that need no device: its path, its serial number, what to ask it for, what to make of the answer.
/// </summary>
internal static class CameraDevice
{
    /// <summary>What a camera granted.</summary>
    /// <param name="Format">Its pixel format, four characters.</param>
    /// <param name="Fps">Frames a second; 0 where it states none.</param>
    /// <param name="Layout">How its frames reach us: raw, or converted to BGR by OpenCV.</param>
    public readonly record struct Granted(string Format, double Fps, PixelLayout Layout);

    /// <summary>The device's path: an index <c>n</c> stands for <c>/dev/videon</c>.</summary>
    public static string PathOf(string source) => source.All(char.IsAsciiDigit) ? $"/dev/video{source}" : source;

    /// <summary>
    /// Asks for format, size and rate, reads back the format and rate granted (the size shows in the first picture), and lets OpenCV
    /// convert everything but raw YUY2.
    /// </summary>
    public static Granted Negotiate(
        CameraOptions asked,
        Func<VideoCaptureProperties, double> get,
        Func<VideoCaptureProperties, double, bool> set
    )
    {
        // A refusal is no error here: what counts is what is granted in the end. The format comes first, for the sizes depend on it.
        set(VideoCaptureProperties.FourCC, VideoWriter.FourCC(asked.Format.ToUpperInvariant()));
        set(VideoCaptureProperties.FrameWidth, asked.Width);
        set(VideoCaptureProperties.FrameHeight, asked.Height);
        set(VideoCaptureProperties.Fps, asked.Fps);
        var format = FourCcToText((int)get(VideoCaptureProperties.FourCC));
        var isRaw = format is "YUYV" or "YUY2" && set(VideoCaptureProperties.ConvertRgb, 0);
        return new Granted(format, Math.Max(0, get(VideoCaptureProperties.Fps)), isRaw ? PixelLayout.Yuy2 : PixelLayout.Bgr);
    }

    /// <summary>Four characters of a code whose lowest byte is the first.</summary>
    public static string FourCcToText(int code) =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"{(char)(code & 0xFF)}{(char)(code >> 8 & 0xFF)}{(char)(code >> 16 & 0xFF)}{(char)(code >> 24 & 0xFF)}"
            )
            .Trim('\0', ' ');

    /// <summary>Serial number of the USB device behind a video device, or null where none is told.</summary>
    /// <param name="devicePath">Path of the device, links followed or not.</param>
    /// <param name="classFolder"><c>/sys/class/video4linux</c>.</param>
    public static string? SerialOf(string devicePath, string classFolder = "/sys/class/video4linux")
    {
        try
        {
            var node = File.ResolveLinkTarget(devicePath, returnFinalTarget: true)?.Name ?? Path.GetFileName(devicePath);
            // Two links, the second relative to where the first leads, and then the interface's parent. Followed by hand, for .NET works on
            // paths as text.
            var nodeFolder = Path.Combine(classFolder, node);
            nodeFolder = Directory.ResolveLinkTarget(nodeFolder, returnFinalTarget: true)?.FullName ?? nodeFolder;
            var usbInterface = Directory.ResolveLinkTarget(Path.Combine(nodeFolder, "device"), returnFinalTarget: true);
            var parent = usbInterface is null ? null : Path.GetDirectoryName(usbInterface.FullName);
            var serial = parent is null ? null : File.ReadAllText(Path.Combine(parent, "serial")).Trim();
            return string.IsNullOrEmpty(serial) ? null : serial;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Why a device can't be opened for reading and writing, as its error tells; null when it can.</summary>
    public static SourceException? Problem(string path, Func<string, IDisposable> open)
    {
        try
        {
            open(path).Dispose();
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            return new SourceException(
                $"Camera '{path}' may not be opened by this user; add the user to the group video (sudo usermod -aG video "
                    + $"{Environment.UserName}) and log in again.",
                inner: e
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new SourceException(
                $"Camera '{path}' is not there; plug it in or name another one (ls /dev/video* /dev/v4l/by-id shows what is there).",
                CameraCondition.Unplugged,
                e
            );
        }
        catch (IOException e)
        {
            return new SourceException($"Camera '{path}' can't be opened: {e.Message}", inner: e);
        }
    }
}
