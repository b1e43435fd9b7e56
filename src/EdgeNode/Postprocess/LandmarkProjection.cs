using FaceLandmark.Faces;

namespace FaceLandmark.Postprocess;

/// <summary>From fractions of a region to pixels of the frame.</summary>
internal static class LandmarkProjection
{
    /// <summary>x = X + f Width and y = Y + f Height for each point, turned about the middle where the region is.</summary>
    /// <param name="fractions">x0 y0 x1 y1 ... as the network says.</param>
    /// <param name="region">The region it was given.</param>
    /// <param name="points">As long as <paramref name="fractions"/>; pixels of the frame.</param>
    /// <returns>False when a value is not finite: there is no result.</returns>
    public static bool Project(ReadOnlySpan<float> fractions, in Region region, Span<float> points)
    {
        var finite = true;
        for (var i = 0; i + 1 < fractions.Length; i += 2)
        {
            points[i] = region.X + (fractions[i] * region.Width);
            points[i + 1] = region.Y + (fractions[i + 1] * region.Height);
            finite &= float.IsFinite(points[i]) && float.IsFinite(points[i + 1]);
        }

        if (region.Degrees != 0)
            Turn(region, points);
        return finite;
    }

    private static void Turn(in Region region, Span<float> points)
    {
        var (sin, cos) = MathF.SinCos(region.Degrees * MathF.PI / 180);
        var (middleX, middleY) = (region.X + (region.Width / 2f), region.Y + (region.Height / 2f));
        for (var i = 0; i + 1 < points.Length; i += 2)
        {
            var (x, y) = (points[i] - middleX, points[i + 1] - middleY);
            points[i] = middleX + (cos * x) - (sin * y);
            points[i + 1] = middleY + (sin * x) + (cos * y);
        }
    }
}
