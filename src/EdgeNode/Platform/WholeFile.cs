namespace FaceLandmark.Platform;

/// <summary>
/// Files that are written whole or not at all: what was there before stays until the new one is complete, and nothing half-written is left
/// behind.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes a file, in place of one that may be there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes a new file to the path it is given, in the same folder.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var part = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!,
            $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}.part"
        );
        try
        {
            write(part);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
