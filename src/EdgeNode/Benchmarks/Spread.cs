namespace FaceLandmark.Benchmarks;

/// <summary>A figure over the turns.</summary>
/// <param name="Median">The median.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The greatest.</param>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>Of the values of all turns, at least one.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new Spread(MedianOf(sorted), sorted[0], sorted[^1]);
    }

    /// <summary>The median of values, at least one; the mean of the two in the middle where their number is even.</summary>
    public static double MedianOf(IEnumerable<double> values) => At(values, 0.5);

    /// <summary>The value below which a share of the values lies, interpolated; 0 where there are none.</summary>
    public static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0)
            return 0;
        var place = share * (sorted.Count - 1);
        var below = sorted[(int)place];
        var above = sorted[Math.Min((int)place + 1, sorted.Count - 1)];
        return below + ((place - (int)place) * (above - below));
    }
}
