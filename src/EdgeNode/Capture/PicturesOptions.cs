namespace FaceLandmark.Capture;

/// <summary>The section <c>Pictures</c>: picture files, of cameras that read them and of the command line.</summary>
internal sealed record PicturesOptions
{
    /// <summary>
    /// Larger pictures are refused before they are decoded, which takes 3 bytes a pixel and more; in millions of pixels, 1 to 700.
    /// </summary>
    public int MaxMegapixels { get; init; } = 100;

    /// <summary>The same in pixels.</summary>
    internal long MostPixels => MaxMegapixels * 1_000_000L;
}
