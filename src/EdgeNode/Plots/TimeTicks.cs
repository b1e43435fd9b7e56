using System.Globalization;

namespace FaceLandmark.Plots;

/// <summary>Where a time axis has its marks, and what they say.</summary>
internal static class TimeTicks
{
    private const double Day = 86_400;

    private static readonly double[] s_steps =
    [
        0.1,
        0.2,
        0.5,
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        300,
        600,
        900,
        1800,
        3600,
        7200,
        10_800,
        21_600,
        43_200,
        Day,
    ];

    /// <summary>The marks.</summary>
    /// <param name="start">The moment of the axis' beginning; null: it counts from 0.</param>
    /// <param name="seconds">Length of the axis.</param>
    /// <param name="most">Not more marks than this.</param>
    /// <returns>Seconds from the beginning, and the words.</returns>
    public static IReadOnlyList<(double At, string Text)> Of(DateTimeOffset? start, double seconds, int most)
    {
        var step = s_steps.FirstOrDefault(one => seconds / one <= most);
        if (step == 0)
            step = s_steps[^1] * Math.Ceiling(seconds / s_steps[^1] / most);
        var offset = start is { } begin ? begin.UtcDateTime.TimeOfDay.TotalSeconds : 0;
        var ticks = new List<(double, string)>();
        var first = Math.Min(step, Day); // several days apart begin with the first midnight
        for (var mark = Math.Ceiling(offset / first) * first; mark - offset <= seconds + 1e-6; mark += step)
            ticks.Add((mark - offset, TextOf(start, mark - offset, step)));
        return ticks;
    }

    /// <summary>What the times of an axis are, in words.</summary>
    /// <param name="start">The moment of the axis' beginning; null: it counts from the beginning of a film.</param>
    /// <param name="seconds">Length of the axis.</param>
    /// <param name="filmBegan">When that film began by the clock; null where that is not known.</param>
    public static string Meaning(DateTimeOffset? start, double seconds, DateTimeOffset? filmBegan)
    {
        if (start is not { } begin)
            return filmBegan is { } began
                ? string.Create(CultureInfo.InvariantCulture, $"time in the film, which began {began.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
                : "time in the film";
        var (first, last) = (begin.UtcDateTime.Date, begin.UtcDateTime.AddSeconds(seconds).Date);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{first:yyyy-MM-dd}{(first == last ? "" : $" to {last:yyyy-MM-dd}")} UTC"
        );
    }

    /// <summary>A length of time for people: 1:02:03.4, 2:03.4 or 3.4 s.</summary>
    public static string Length(double seconds)
    {
        seconds = Math.Round(seconds, 1);
        var (hours, minutes) = ((long)seconds / 3600, (long)seconds / 60 % 60);
        var rest = seconds - (60 * (minutes + (60 * hours)));
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}:{minutes:00}:{rest:00.#}")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}:{rest:00.#}")
            : string.Create(CultureInfo.InvariantCulture, $"{rest:0.#} s");
    }

    private static string TextOf(DateTimeOffset? start, double seconds, double step)
    {
        if (start is not { } begin)
        {
            var whole = TimeSpan.FromSeconds(Math.Round(seconds, 1));
            return step < 1 ? Length(seconds)
                : whole.TotalHours >= 1
                    ? string.Create(CultureInfo.InvariantCulture, $"{(long)whole.TotalHours}:{whole.Minutes:00}:{whole.Seconds:00}")
                : string.Create(CultureInfo.InvariantCulture, $"{whole.Minutes}:{whole.Seconds:00}");
        }

        var at = begin.UtcDateTime.AddSeconds(seconds).AddMilliseconds(0.5); // marks are sums of steps
        var format =
            step < 1 ? "HH:mm:ss.f"
            : step < 60 ? "HH:mm:ss"
            : step < Day ? "HH:mm"
            : "MM-dd";
        return at.ToString(format, CultureInfo.InvariantCulture);
    }
}
