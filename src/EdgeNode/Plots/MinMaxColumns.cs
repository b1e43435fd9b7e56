namespace FaceLandmark.Plots;

/// <summary>
/// A series of any length in a fixed number of columns of a picture: the least and the largest value of each column, and their sum. What is
/// drawn of it looks like the whole series, and peaks of one frame stay.
/// </summary>
/// <param name="seconds">Length of the whole.</param>
/// <param name="count">Columns.</param>
internal sealed class MinMaxColumns(double seconds, int count)
{
    private readonly float[] _least = new float[count];
    private readonly float[] _largest = new float[count];
    private readonly double[] _sums = new double[count];
    private readonly int[] _counts = new int[count];

    /// <summary>Seconds that a column stands for.</summary>
    public double Width { get; } = Math.Max(seconds, 1e-3) / count;

    /// <summary>The least of all values; NaN without any.</summary>
    public double Least { get; private set; } = double.NaN;

    /// <summary>The largest of all values; NaN without any.</summary>
    public double Largest { get; private set; } = double.NaN;

    /// <summary>Adds a value; one that is no number is left out.</summary>
    /// <param name="at">Seconds from the beginning; beyond the ends it counts there.</param>
    /// <param name="value">The value.</param>
    public void Add(double at, double value)
    {
        if (!double.IsFinite(value))
            return;
        var column = (int)Math.Clamp(at / Width, 0, count - 1);
        (_least[column], _largest[column]) =
            _counts[column]++ == 0
                ? ((float)value, (float)value)
                : (Math.Min(_least[column], (float)value), Math.Max(_largest[column], (float)value));
        _sums[column] += value;
        Least = double.IsNaN(Least) ? value : Math.Min(Least, value);
        Largest = double.IsNaN(Largest) ? value : Math.Max(Largest, value);
    }

    /// <summary>Whether a column has a value.</summary>
    public bool Has(int column) => _counts[column] > 0;

    /// <summary>
    /// The columns that have values, as lines: x is the middle of the column in seconds. A line ends where nothing came for longer than
    /// <paramref name="longestStep"/> seconds.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Least, double Largest)>> Lines(double longestStep)
    {
        var lines = new List<IReadOnlyList<(double, double, double)>>();
        List<(double X, double, double)> line = [];
        for (var column = 0; column < count; column++)
        {
            if (_counts[column] == 0)
                continue;
            var x = (column + 0.5) * Width;
            if (line.Count > 0 && x - line[^1].X > longestStep + Width)
            {
                lines.Add(line);
                line = [];
            }

            line.Add((x, _least[column], _largest[column]));
        }

        if (line.Count > 0)
            lines.Add(line);
        return lines;
    }

    /// <summary>The sums of the columns, where they are not 0, with the middle of the column in seconds.</summary>
    public IReadOnlyList<(double X, double Sum)> Sums() =>
        [.. Enumerable.Range(0, count).Where(column => _sums[column] != 0).Select(column => ((column + 0.5) * Width, _sums[column]))];
}
