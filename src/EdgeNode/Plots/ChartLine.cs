namespace FaceLandmark.Plots;

/// <summary>One series of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Colour">Index of its colour; the same for all series of a face.</param>
/// <param name="IsDashed">Whether it is the second of a pair.</param>
/// <param name="Parts">
/// Where there are values, as lines of points: seconds from the beginning, value. Between two parts there is nothing.
/// </param>
internal sealed record ChartLine(string Name, int Colour, bool IsDashed, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Parts);
