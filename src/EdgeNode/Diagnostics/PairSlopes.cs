namespace FaceLandmark.Diagnostics;

/// <summary>Slopes between any two points of a series. Their median is the series' own (Theil and Sen): outliers hardly move it.</summary>
internal static class PairSlopes
{
    /// <summary>All of them, the least first.</summary>
    /// <param name="points">Points in the order of x; two of the same x have no slope.</param>
    public static List<double> Of(IReadOnlyList<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var slopes = new List<double>();
        for (var i = 0; i < points.Count; i++)
        {
            for (var j = i + 1; j < points.Count; j++)
            {
                if (points[j].X > points[i].X)
                    slopes.Add((points[j].Y - points[i].Y) / (points[j].X - points[i].X));
            }
        }

        slopes.Sort();
        return slopes;
    }
}
