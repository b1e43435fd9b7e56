using System.Numerics.Tensors;

namespace FaceLandmark.Models.Quantize;

/// <summary>How often a tensor's values occurred: first their extremes, then their counts.</summary>
internal sealed class ValueHistogram
{
    private const int Bins = 2048;
    private const int Candidates = 40;
    private const double LeastShare = 0.2; // of an extreme that a range may be cut to
    private const double FarOut = 3; // times the median picture's extreme: what lies beyond is counted as lying there

    private readonly long[] _counts = new long[Bins];
    private readonly List<float> _lows = [];
    private readonly List<float> _highs = [];
    private (double Low, double High)? _ends;

    // The least and the greatest value, or not far beyond those of the median picture: one odd picture in a hundred must not widen the
    // steps for all. Settled when the first pass is over.
    private (double Low, double High) Ends => _ends ??= (Extreme(_lows, Enumerable.Min), Extreme(_highs, Enumerable.Max));

    /// <summary>First pass, once a picture: the extremes; 0 is always inside.</summary>
    public void Widen(ReadOnlySpan<float> values)
    {
        _lows.Add(Math.Min(0, TensorPrimitives.MinNumber(values)));
        _highs.Add(Math.Max(0, TensorPrimitives.MaxNumber(values)));
    }

    /// <summary>Second pass: the counts.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var factor = (float)(Bins / Math.Max(Ends.High - Ends.Low, 1e-12));
        var low = (float)Ends.Low;
        foreach (var value in values)
            _counts[Math.Clamp((int)((value - low) * factor), 0, Bins - 1)]++;
    }

    /// <summary>
    /// The range with the least error over all values counted: rare extremes are cut off where that makes the steps for the others finer.
    /// </summary>
    public QuantizedRange BestRange(RangeError kind)
    {
        var (lowest, highest) = Ends;
        var best = QuantizedRange.Of(lowest, highest);
        var least = Error(best, kind);
        for (var lows = 0; lows < (lowest < 0 ? Candidates : 1); lows++)
        {
            for (var highs = 0; highs < (highest > 0 ? Candidates : 1); highs++)
            {
                var range = QuantizedRange.Of(lowest * Share(lows), highest * Share(highs));
                var error = Error(range, kind);
                if (error < least)
                    (best, least) = (range, error);
            }
        }

        return best;
    }

    private static double Share(int candidate) => 1 - ((1 - LeastShare) * candidate / Candidates);

    private static double Extreme(List<float> ofPictures, Func<IEnumerable<float>, float> furthest)
    {
        if (ofPictures.Count == 0)
            return 0;
        var extreme = furthest(ofPictures);
        var median = ofPictures.Order().ElementAt(ofPictures.Count / 2) * FarOut;
        return median != 0 && Math.Abs(median) < Math.Abs(extreme) ? median : extreme;
    }

    private double Error(QuantizedRange range, RangeError kind)
    {
        var (low, high) = Ends;
        var width = (high - low) / Bins;
        var sum = 0.0;
        for (var i = 0; i < Bins; i++)
        {
            if (_counts[i] == 0)
                continue;
            var value = low + ((i + 0.5) * width);
            var step = Math.Clamp(Math.Round(value / range.Scale) + range.Zero, 0, 255);
            var error = value - ((step - range.Zero) * range.Scale);
            sum += _counts[i] * (kind == RangeError.Squared ? error * error : Math.Abs(error));
        }

        return sum;
    }
}
