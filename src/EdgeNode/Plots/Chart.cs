namespace FaceLandmark.Plots;

/// <summary>What one strip of a picture shows over time.</summary>
/// <param name="Title">What.</param>
/// <param name="Unit">In what; empty: a number.</param>
/// <param name="Low">Value of the lower edge.</param>
/// <param name="High">Value of the upper edge.</param>
/// <param name="Lines">The series.</param>
/// <param name="IsCount">Whether the values are numbers of things: its marks are whole numbers, then.</param>
internal sealed record Chart(string Title, string Unit, double Low, double High, IReadOnlyList<ChartLine> Lines, bool IsCount = false)
{
    private const int MostSteps = 5;
    private static readonly double[] s_degrees = [30, 60, 90, 180];

    // Frames come at least so often, or there is nothing between them.
    private const double LeastStep = 1;
    private const double StepsOfFrames = 4;

    /// <summary>Where the value axis has its marks, equally far apart from <see cref="Low"/> to <see cref="High"/>.</summary>
    public IReadOnlyList<double> Marks
    {
        get
        {
            var steps = IsCount ? (int)Math.Round((High - Low) / StepOf(High - Low)) : 2;
            return [.. Enumerable.Range(0, steps + 1).Select(i => Low + ((High - Low) * i / steps))];
        }
    }

    /// <summary>The charts of a camera; what was not recorded has none.</summary>
    public static IReadOnlyList<Chart> Of(CameraCurves curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var step = Math.Max(LeastStep, StepsOfFrames * curves.Camera.Interval.TotalSeconds);
        List<Chart> charts =
        [
            Angles("Yaw (positive: to the picture's right)", face => face.Yaw),
            Angles("Pitch (positive: up)", face => face.Pitch),
            Angles("Roll (positive: clockwise)", face => face.Roll),
            new("Left eye of the picture (0 closed, 1 wide open)", "", 0, 1, Lines(face => face.LeftEye)),
            new("Right eye of the picture (0 closed, 1 wide open)", "", 0, 1, Lines(face => face.RightEye)),
            new("Mouth (0 closed, 1 wide open)", "", 0, 1, Lines(face => face.Mouth)),
            Counts("Faces", curves.Count.Largest, [Line("faces", 0, curves.Count)]),
        ];
        if (curves.Faces.Count == 0)
            charts.RemoveRange(0, charts.Count - 1);
        var engines = curves.Latency.Where(engine => !double.IsNaN(engine.Value.Largest)).OrderBy(engine => engine.Key).ToList();
        if (engines.Count > 0)
            charts.Add(
                new Chart(
                    "Latency",
                    "ms",
                    0,
                    Nice(engines.Max(engine => engine.Value.Largest)),
                    [.. engines.Select((engine, i) => Line(engine.Key, i, engine.Value))]
                )
            );
        if (!double.IsNaN(curves.Agreement.Largest))
            charts.Add(
                new Chart(
                    "Distance of the points of both engines",
                    "% of the eye corners' distance",
                    0,
                    Nice(curves.Agreement.Largest),
                    [Line("mean of a face", 0, curves.Agreement)]
                )
            );
        if (engines.Count > 0)
            charts.Add(Losses(curves));
        return charts;

        Chart Angles(string title, Func<FaceCurves, MinMaxColumns> series)
        {
            var most = curves
                .Faces.SelectMany(face => (double[])[Math.Abs(series(face).Least), Math.Abs(series(face).Largest)])
                .Where(double.IsFinite)
                .DefaultIfEmpty(0)
                .Max();
            var edge = s_degrees.First(degrees => degrees >= most || degrees == s_degrees[^1]);
            return new Chart(title, "degrees", -edge, edge, Lines(series));
        }

        IReadOnlyList<ChartLine> Lines(Func<FaceCurves, MinMaxColumns> series) =>
            [.. curves.Faces.Select((face, i) => Line(curves.Camera.NameOf(face.Face.Key), i, series(face)))];

        ChartLine Line(string name, int colour, MinMaxColumns series) =>
            new(name, colour, false, [.. series.Lines(step).Select(part => Points(part))]);
    }

    // A column with two values is a line from one to the other.
    private static IReadOnlyList<(double X, double Y)> Points(IEnumerable<(double X, double Least, double Largest)> columns) =>
        [
            .. columns.SelectMany(column =>
                column.Least == column.Largest
                    ? (IEnumerable<(double, double)>)[(column.X, column.Least)]
                    : [(column.X, column.Least), (column.X, column.Largest)]
            ),
        ];

    private static Chart Losses(CameraCurves curves)
    {
        var (dropped, missing) = (curves.Dropped.Sums(), curves.Missing.Sums());
        var most = dropped.Concat(missing).Select(column => column.Sum).DefaultIfEmpty(1).Max();
        return Counts(
            "Lost frames",
            most,
            [
                new ChartLine("dropped by the node", 0, false, [.. dropped.Select(Peak)]),
                new ChartLine("missing in the recording", 1, true, [.. missing.Select(Peak)]),
            ]
        );
    }

    private static Chart Counts(string title, double most, IReadOnlyList<ChartLine> lines)
    {
        most = most > 1 ? most : 1; // also where there is none
        var step = StepOf(most);
        return new Chart(title, "", 0, step * Math.Ceiling(most / step), lines, IsCount: true);
    }

    // A whole number, with which a few steps reach.
    private static double StepOf(double most) => Math.Max(1, Nice(most / MostSteps));

    private static IReadOnlyList<(double X, double Y)> Peak((double X, double Sum) column) => [(column.X, 0), (column.X, column.Sum)];

    // 1, 2 or 5 times a power of ten.
    private static double Nice(double value)
    {
        if (!(value > 0))
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        var head = value / power;
        return (head <= 1 ? 1 : head <= 2 ? 2 : head <= 5 ? 5 : 10) * power;
    }
}
