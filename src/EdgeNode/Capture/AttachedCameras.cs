using FaceLandmark.Capture.V4l2;

namespace FaceLandmark.Capture;

/// <summary>Finds the cameras that are attached to this machine.</summary>
internal static class AttachedCameras
{
    private const int MostDevices = 256; // VIDEO_NUM_DEVICES of the kernel
    private const string SteadyNames = "/dev/v4l/by-id";

    /// <summary>Opens every video device.</summary>
    /// <returns>Those that give pictures; and why the others do not, a sentence each.</returns>
    public static (IReadOnlyList<AttachedCamera> Cameras, IReadOnlyList<string> Troubles) Find()
    {
        List<AttachedCamera> cameras = [];
        List<string> troubles = [];
        var names = Names();
        for (var number = 0; number < MostDevices; number++)
        {
            var path = $"/dev/video{number}";
            try
            {
                using var device = V4l2Device.Open(path);
                var offers = V4l2Negotiation.Offers(device, new CameraOptions()).Select(offer => offer.ToString());
                cameras.Add(new AttachedCamera(names.GetValueOrDefault(path, path), device.Card, [.. offers]));
            }
            catch (SourceException reason)
            {
                if (reason.Condition != CameraCondition.Unplugged)
                    troubles.Add(reason.Message);
            }
        }

        return (cameras, troubles);
    }

    // The numbers of devices change with every plug; these names do not.
    private static Dictionary<string, string> Names()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Directory.Exists(SteadyNames))
            return names;
        foreach (var link in Directory.EnumerateFileSystemEntries(SteadyNames).Order(StringComparer.Ordinal))
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: true) is { } device)
                names.TryAdd(device.FullName, link);
        }

        return names;
    }
}
