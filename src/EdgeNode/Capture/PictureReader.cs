namespace FaceLandmark.Capture;

/// <summary>Which files are pictures.</summary>
internal static class PictureReader
{
    private static readonly string[] s_extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];

    /// <summary>Endings of picture files, for messages.</summary>
    public static string Extensions => string.Join(' ', s_extensions);

    /// <summary>Whether a file's name ends like a picture's.</summary>
    public static bool IsPicture(string path) => s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The picture files of a folder, in the order of their names. Hidden files are none: file managers and cameras leave their own there
    /// under the names of pictures (<c>._face.jpg</c>).
    /// </summary>
    /// <exception cref="SourceException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> List(string folder) => [.. Files(folder).Where(IsPicture)];

    /// <summary>All files of a folder that are not hidden, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="deep">Whether those of its folders are among them; hidden folders are not looked at.</param>
    /// <exception cref="SourceException">A folder cannot be read.</exception>
    internal static IReadOnlyList<string> Files(string folder, bool deep = false)
    {
        try
        {
            var visible = new EnumerationOptions
            {
                AttributesToSkip = FileAttributes.Hidden,
                IgnoreInaccessible = false,
                RecurseSubdirectories = deep,
            };
            return [.. Directory.EnumerateFiles(folder, "*", visible).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"Folder '{folder}' cannot be read: {e.Message}", inner: e);
        }
    }
}
