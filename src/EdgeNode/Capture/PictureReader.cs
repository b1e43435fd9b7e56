namespace FaceLandmark.Capture;

/// <summary>Single pictures as frames: BGR, <see cref="Frame.IsStill"/>, with their file's name.</summary>
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
    /// <exception cref="SourceException">The folder can't be read.</exception>
    public static IReadOnlyList<string> List(string folder) => [.. Files(folder).Where(IsPicture)];

    /// <summary>All files of a folder that are not hidden, in the order of their names.</summary>
    /// <exception cref="SourceException">The folder can't be read.</exception>
    internal static IReadOnlyList<string> Files(string folder)
    {
        try
        {
            var visible = new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false };
            return [.. Directory.EnumerateFiles(folder, "*", visible).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"Folder '{folder}' can't be read: {e.Message}", inner: e);
        }
    }

    /// <summary>A picture file; the caller owns the frame.</summary>
    /// <exception cref="SourceException">It can't be read; the message names the file and the reason.</exception>
    public static Frame Read(string path, FramePool pool, PicturesOptions? pictures = null)
    {
        using var picture = PictureFile.Decode(path, pictures);
        return ToFrame(picture, path, pool);
    }

    /// <summary>The bytes of a picture file; the caller owns the frame.</summary>
    /// <exception cref="SourceException">They are no picture; the message gives the name and the reason.</exception>
    public static Frame Decode(byte[] file, string name, FramePool pool, PicturesOptions? pictures = null)
    {
        using var picture = PictureFile.Decode(file, name, pictures);
        return ToFrame(picture, name, pool);
    }

    internal static Frame ToFrame(OpenCvSharp.Mat picture, string name, FramePool pool)
    {
        var frame = MatToFrame.Copy(picture, pool, PixelLayout.Bgr);
        frame.IsStill = true;
        frame.File = name;
        return frame;
    }
}
