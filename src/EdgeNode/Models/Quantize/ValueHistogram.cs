namespace FaceLandmark.Models.Quantize;

/// <summary>How often a tensor's values occurred: first their extremes, then their counts.</summary>
internal sealed class ValueHistogram
{
    private const int Bins = 2048;
    private const int Candidates = 40;
    private const double LeastShare = 0.2; // of an extreme that a range may be cut to

    private readonly long[] _counts = new long[Bins];

    public double Low { get; private set; }

    public double High { get; private set; }

    /// <summary>First pass: the extremes; 0 is always inside.</summary>
    public void Widen(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (value < Low)
                Low = value;
            else if (value > High)
                High = value;
        }
    }

    /// <summary>Second pass: the counts.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var factor = (float)(Bins / Math.Max(High - Low, 1e-12));
        var low = (float)Low;
        foreach (var value in values)
            _counts[Math.Clamp((int)((value - low) * factor), 0, Bins - 1)]++;
    }

    /// <summary>The range with the least mean squared error over all values counted: rare extremes are cut off where that makes the steps for the others finer.</summary>
    public QuantizedRange BestRange()
    {
        var best = QuantizedRange.Of(Low, High);
        var least = Error(best);
        for (var lows = 0; lows < (Low < 0 ? Candidates : 1); lows++)
        {
            for (var highs = 0; highs < (High > 0 ? Candidates : 1); highs++)
            {
                var range = QuantizedRange.Of(Low * Share(lows), High * Share(highs));
                var error = Error(range);
                if (error < least)
                    (best, least) = (range, error);
            }
        }

        return best;
    }

    private static double Share(int candidate) => 1 - ((1 - LeastShare) * candidate / Candidates);

    private double Error(QuantizedRange range)
    {
        var width = (High - Low) / Bins;
        var sum = 0.0;
        for (var i = 0; i < Bins; i++)
        {
            if (_counts[i] == 0)
                continue;
            var value = Low + ((i + 0.5) * width);
            var step = Math.Clamp(Math.Round(value / range.Scale) + range.Zero, 0, 255);
            var error = value - ((step - range.Zero) * range.Scale);
            sum += _counts[i] * error * error;
        }

        return sum;
    }
}
