using FaceLandmark.Diagnostics;

namespace FaceLandmark.Soak;

/// <summary>
/// Whether memory grows. The run is cut into <see cref="Windows"/> pieces of the same length, and the least memory of each, its floor, is
/// what the program holds for certain: caches fill in the first half, and what lies above the floor comes and goes. The floors of the
/// second half have a slope, the median of those between any two (Theil and Sen), with the range that it is in in nine of ten such runs.
/// </summary>
internal sealed record MemoryTrend
{
    /// <summary>Into how many pieces a run is cut.</summary>
    public const int Windows = 24;

    /// <summary>Kilobytes that the floor may rise by in the second half; less cannot be told from what comes and goes.</summary>
    public const double RiseAtMost = 8192;

    /// <summary>The shortest run that is judged: caches are still filling before.</summary>
    public static readonly TimeSpan JudgedFrom = TimeSpan.FromHours(1);

    // Of the normal distribution: one in twenty lies beyond on either side.
    private const double Quantile = 1.645;

    /// <summary>What it says.</summary>
    public required MemoryJudgement Judgement { get; init; }

    /// <summary>Kilobytes an hour that the floor rises by in the second half.</summary>
    public required double SlopeKbPerHour { get; init; }

    /// <summary>The lower end of the range.</summary>
    public required double SlopeKbPerHourAtLeast { get; init; }

    /// <summary>The upper end of the range.</summary>
    public required double SlopeKbPerHourAtMost { get; init; }

    /// <summary>The slope that is allowed: a rise of <see cref="RiseAtMost"/> over the second half.</summary>
    public required double LimitKbPerHour { get; init; }

    /// <summary>The floor of each piece in kilobytes, also of the first half; 0 where nobody looked.</summary>
    public required IReadOnlyList<double> FloorsKb { get; init; }

    /// <summary>Judges a run.</summary>
    /// <param name="floors">The least memory of each of the <see cref="Windows"/> pieces, kilobytes; 0 where nobody looked.</param>
    /// <param name="duration">How long the run was.</param>
    public static MemoryTrend Of(IReadOnlyList<double> floors, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(floors.Count, Windows);
        var window = duration.TotalHours / Windows;
        var half = floors.Skip(Windows / 2).ToList();
        var slopes = PairSlopes.Of([.. half.Select((floor, piece) => (piece * window, floor))]);
        // Sen's range: so many slopes from either end, by the variance of Kendall's rank correlation.
        var count = half.Count;
        var beyond = (int)((slopes.Count - (Quantile * Math.Sqrt(count * (count - 1) * ((2 * count) + 5) / 18.0))) / 2);
        var (slope, least, most) = ((slopes[(slopes.Count - 1) / 2] + slopes[slopes.Count / 2]) / 2, slopes[beyond - 1], slopes[^beyond]);
        var limit = RiseAtMost / (duration.TotalHours / 2);
        return new MemoryTrend
        {
            Judgement =
                duration < JudgedFrom || half.Contains(0) ? MemoryJudgement.NotJudged
                : slope > limit && least > 0 ? MemoryJudgement.Grows
                : most <= limit ? MemoryJudgement.Steady
                : MemoryJudgement.Unknown,
            SlopeKbPerHour = Math.Round(slope),
            SlopeKbPerHourAtLeast = Math.Round(least),
            SlopeKbPerHourAtMost = Math.Round(most),
            LimitKbPerHour = Math.Round(limit),
            FloorsKb = [.. floors],
        };
    }
}
