using System.Globalization;

namespace FaceLandmark.Capture;

/// <summary>The rules around a V4L2 device that need no device: its path, its serial number, the names of its formats.</summary>
internal static class CameraDevice
{
    /// <summary>The device's path: an index <c>n</c> stands for <c>/dev/videon</c>.</summary>
    public static string PathOf(string source) => source.All(char.IsAsciiDigit) ? $"/dev/video{source}" : source;

    /// <summary>Four characters of a code whose lowest byte is the first.</summary>
    public static string FourCcToText(uint code) =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"{(char)(code & 0xFF)}{(char)(code >> 8 & 0xFF)}{(char)(code >> 16 & 0xFF)}{(char)(code >> 24 & 0x7F)}"
            )
            .Trim('\0', ' ');

    /// <summary>The code of four characters, in any case.</summary>
    public static uint TextToFourCc(string text) =>
        text.ToUpperInvariant()
            .Take(4)
            .Select((letter, place) => (uint)(letter & 0xFF) << (8 * place))
            .Aggregate(0u, (code, part) => code | part);

    /// <summary>Serial number of the USB device behind a video device, or null where the system has none.</summary>
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
}
