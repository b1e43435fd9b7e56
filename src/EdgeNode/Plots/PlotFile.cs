using FaceLandmark.Platform;

namespace FaceLandmark.Plots;

/// <summary>A file that is drawn.</summary>
internal static class PlotFile
{
    /// <summary>Writes it whole, or leaves what was there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="PlotException">It cannot be written.</exception>
    public static void Write(string path, byte[] content)
    {
        try
        {
            WholeFile.Write(path, part => File.WriteAllBytes(part, content));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new PlotException(
                $"'{path}' cannot be written ({reason.Message.TrimEnd('.')}); make room, or choose another place.",
                reason
            );
        }
    }
}
