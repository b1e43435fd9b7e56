namespace FaceLandmark.Publish;

/// <summary>The section <c>Preview</c>: JPEGs on <c>cameras/&lt;cam&gt;/preview</c>.</summary>
internal sealed record PreviewOptions
{
    internal const double LeastRate = 0.01;
    internal const double MostRate = 60;
    internal const int LeastSize = 32;
    internal const int MostSize = 4096;

    /// <summary>
    /// Whether previews are sent; null (<c>auto</c>): with the embedded broker while only this machine can reach it (the live page is on
    /// loopback, too), and not with another.
    /// </summary>
    public bool? Enabled { get; init; }

    /// <summary>Previews a second and camera at most; 0.01 to 60.</summary>
    public double Rate { get; init; } = 5;

    /// <summary>Longest side in pixels; larger frames are scaled down; 32 to 4096.</summary>
    public int MaxSize { get; init; } = 640;

    /// <summary>JPEG quality; 1 to 100.</summary>
    public int Quality { get; init; } = 80;

    /// <summary>Whether points and boxes are drawn into the picture; viewers that draw them themselves need it clean.</summary>
    public bool Overlay { get; init; }
}
