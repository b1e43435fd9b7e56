namespace FaceLandmark.Platform;

/// <summary>A file whose first line is a secret.</summary>
internal static class TokenFile
{
    /// <summary>The secret; empty: the file has none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Read(string path) => File.ReadLines(path).FirstOrDefault("").Trim();
}
