namespace FaceLandmark.Capture.V4l2;

/// <summary>What to ask a camera for, of what it offers.</summary>
internal static class V4l2Choice
{
    /// <summary>The formats that are understood, for people.</summary>
    public const string Understood = "YUYV, UYVY, NV12, YU12, MJPG and GREY";

    // What costs least comes first, and what has no colours last.
    private static readonly uint[] s_understood =
    [
        Videodev2.FormatYuyv,
        Videodev2.FormatUyvy,
        Videodev2.FormatNv12,
        Videodev2.FormatYu12,
        Videodev2.FormatMjpg,
        Videodev2.FormatJpeg,
        Videodev2.FormatGrey,
    ];

    /// <summary>Whether pictures of a format can be read.</summary>
    public static bool IsUnderstood(uint format) => s_understood.Contains(format);

    /// <summary>
    /// The configured format if it is offered; otherwise of those that are understood the first that has the size and the rate. Of its
    /// sizes the nearest. Null when nothing that is offered is understood.
    /// </summary>
    public static (uint Format, int Width, int Height)? Of(IReadOnlyList<V4l2Offer> offers, CameraOptions asked)
    {
        var usable = s_understood.SelectMany(format => offers.Where(offer => offer.Format == format)).ToList();
        var chosen =
            usable.Find(offer => CameraDevice.FourCcToText(offer.Format).Equals(asked.Format, StringComparison.OrdinalIgnoreCase))
            ?? usable.Find(offer => offer.Sizes.Any(size => IsAsAsked(size, asked)))
            ?? usable.FirstOrDefault();
        if (chosen is null)
            return null;
        var size =
            chosen.Sizes.Count == 0
                ? new V4l2Size(asked.Width, asked.Height, 0)
                : chosen.Sizes.MinBy(size => Distance(size, asked));
        return (chosen.Format, size.Width, size.Height);
    }

    private static bool IsAsAsked(V4l2Size size, CameraOptions asked) =>
        Distance(size, asked) == 0 && (size.MostFps == 0 || size.MostFps >= asked.Fps * 0.99);

    private static int Distance(V4l2Size size, CameraOptions asked) =>
        Math.Abs(size.Width - asked.Width) + Math.Abs(size.Height - asked.Height);
}
