using System.Globalization;

namespace FaceLandmark.Capture.V4l2;

/// <summary>A pixel format that a camera offers.</summary>
/// <param name="Format">Its four characters as a number.</param>
/// <param name="Sizes">Its sizes; of a range of sizes the one nearest to what is asked. Empty where the camera tells none.</param>
/// <param name="Range">The range, for people; null where sizes are listed.</param>
internal sealed record V4l2Offer(uint Format, IReadOnlyList<V4l2Size> Sizes, string? Range = null)
{
    private const int SizesShown = 12;

    /// <summary>For people: <c>YUYV 640x480 at 30, 1280x720 at 10</c>.</summary>
    public override string ToString()
    {
        var sizes = Range is not null
            ? [Range]
            : Sizes.Take(SizesShown).Select(size => $"{size.Width}x{size.Height}{Rate(size.MostFps)}").ToList();
        var more = Range is null && Sizes.Count > SizesShown ? $" and {Sizes.Count - SizesShown} more" : "";
        return $"{CameraDevice.FourCcToText(Format)} {string.Join(", ", sizes)}{more}".TrimEnd();
    }

    private static string Rate(double fps) => fps > 0 ? string.Create(CultureInfo.InvariantCulture, $" at {fps:0.##}") : "";
}
