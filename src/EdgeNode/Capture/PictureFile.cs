using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>Reads one picture file, whatever may be wrong with it.</summary>
internal static class PictureFile
{
    // Of the formats that are read, PNG packs most: deflate makes 1032 bytes of one, that is 8256 pixels of black and white. A file that is
    // smaller than that does not hold the picture that it announces, but the decoder would allocate its memory.
    private const long PixelsAByte = 8256;

    // An uncompressed picture with four channels, and something for its header.
    private static long BytesAtMost(PicturesOptions pictures) => (4 * pictures.MostPixels) + (1 << 20);

    /// <summary>
    /// The picture as BGR, turned the way its EXIF data says, with <see cref="Frame.IsStill"/> and its file's name; the caller owns the
    /// frame.
    /// </summary>
    /// <param name="path">A JPEG, PNG, BMP or WebP file.</param>
    /// <param name="pool">Where the frame comes from.</param>
    /// <param name="pictures">How large it may be.</param>
    /// <param name="pixelsHighAtLeast">
    /// A JPEG may be decoded at a half, a quarter or an eighth of its size as long as this many rows remain; by default its own size.
    /// </param>
    /// <exception cref="SourceException">It cannot be read; the message names the file and the reason.</exception>
    public static Frame Decode(string path, FramePool pool, PicturesOptions? pictures = null, int pixelsHighAtLeast = int.MaxValue) =>
        Decode(ReadAll(path, pictures ?? new PicturesOptions()), path, pool, pictures, pixelsHighAtLeast);

    /// <summary>The same from the bytes of the file <paramref name="path"/>.</summary>
    public static Frame Decode(
        byte[] file,
        string path,
        FramePool pool,
        PicturesOptions? pictures = null,
        int pixelsHighAtLeast = int.MaxValue
    )
    {
        pictures ??= new PicturesOptions();
        if (file.Length == 0)
            throw new SourceException($"Picture '{path}' is empty (0 bytes); copy it again.");
        if (PictureHeader.Read(file) is not { } header)
            throw new SourceException($"'{path}' is not a picture; give a JPEG, PNG, BMP or WebP file.");
        if ((long)header.Width * header.Height > pictures.MostPixels)
            throw new SourceException(
                $"Picture '{path}' is {header.Width}x{header.Height} pixels, more than the {pictures.MaxMegapixels} megapixels allowed: "
                    + "scale it down, or raise Pictures:MaxMegapixels."
            );
        if (!header.IsComplete || header.Width <= 0 || header.Height <= 0 || (long)header.Width * header.Height / PixelsAByte > file.Length)
            throw new SourceException($"Picture '{path}' is damaged: the file ends before the picture is complete; copy it again.");

        var reduceBy = (header.Height / pixelsHighAtLeast) switch
        {
            >= 8 => 8,
            >= 4 => 4,
            >= 2 => 2,
            _ => 1,
        };
        using var decoder = new PictureDecoder();
        if (decoder.Decode(header.LacksEnd ? [.. file, 0xFF, 0xD9] : file, pool, reduceBy) is { } frame)
        {
            frame.IsStill = true;
            frame.File = path;
            return frame;
        }

        throw new SourceException($"Picture '{path}' is damaged and cannot be decoded; copy it again.");
    }

    private static byte[] ReadAll(string path, PicturesOptions pictures)
    {
        try
        {
            return RegularFile.ReadAll(path, BytesAtMost(pictures));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"Picture '{path}' cannot be read: {e.Message}", inner: e);
        }
    }
}
