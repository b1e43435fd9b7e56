namespace FaceLandmark.Capture;

/// <summary>
/// Finds the cuts of a film: frames that look unlike the one before, while that one looked like its own. Brightness and contrast do not
/// count, so that a flash is no cut; a pan or a quick movement is none either, because it goes on for several frames.
/// </summary>
/// <remarks>
/// Compared are the means of a coarse grid, by their correlation. On films of a broadcaster that of a cut fell to 0.27 and below from
/// 0.97 and more, while movement within a shot never took more than 0.21 (decision 168).
/// </remarks>
internal sealed class SceneCuts
{
    private const int Columns = 32;
    private const int Rows = 18;

    /// <summary>Points that are looked at in each cell of the grid, along each side.</summary>
    private const int Points = 4;

    /// <summary>How much more unlike the frame before a frame must be than that one was: 0 alike, 1 nothing in common.</summary>
    private const double Least = 0.5;

    /// <summary>Below this variance a picture is of one colour, and has no pattern.</summary>
    private const double Plain = 0.25;

    private double[] _pattern = new double[Columns * Rows];
    private double[] _before = new double[Columns * Rows];
    private double _unlike;
    private bool _hasOne;

    /// <summary>Whether a frame begins a shot: of all but the first, which none comes before.</summary>
    /// <param name="luma">The brightness of each pixel, row after row.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    public bool IsCut(ReadOnlySpan<byte> luma, int width, int height)
    {
        (_pattern, _before) = (_before, _pattern);
        Look(luma, width, height, _pattern);
        var unlike = _hasOne ? 1 - Correlation(_pattern, _before) : 0;
        var isCut = unlike - _unlike > Least;
        (_unlike, _hasOne) = (unlike, true);
        return isCut;
    }

    // Each cell's mean less the mean of all.
    private static void Look(ReadOnlySpan<byte> luma, int width, int height, double[] pattern)
    {
        for (var cell = 0; cell < pattern.Length; cell++)
        {
            var sum = 0;
            for (var point = 0; point < Points * Points; point++)
            {
                var x = Place((cell % Columns * Points) + (point % Points), Columns * Points, width);
                var y = Place((cell / Columns * Points) + (point / Points), Rows * Points, height);
                sum += luma[(y * width) + x];
            }

            pattern[cell] = (double)sum / (Points * Points);
        }

        var mean = pattern.Average();
        for (var cell = 0; cell < pattern.Length; cell++)
            pattern[cell] -= mean;
    }

    private static int Place(int point, int points, int pixels) => ((2 * point) + 1) * pixels / (2 * points);

    private static double Correlation(double[] one, double[] other)
    {
        var (both, first, second) = (0.0, 0.0, 0.0);
        for (var cell = 0; cell < one.Length; cell++)
        {
            both += one[cell] * other[cell];
            first += one[cell] * one[cell];
            second += other[cell] * other[cell];
        }

        var (isPlain, wasPlain) = (first < Plain * one.Length, second < Plain * other.Length);
        return isPlain || wasPlain ? (isPlain && wasPlain ? 1 : 0) : both / Math.Sqrt(first * second);
    }
}
