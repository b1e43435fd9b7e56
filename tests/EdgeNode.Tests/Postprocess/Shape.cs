using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

/// <summary>Faces made of numbers.</summary>
internal static class Shape
{
    /// <summary>The mean face, turned, scaled and shifted.</summary>
    public static float[] Mean(float scale = 80, float degrees = 0, float x = 320, float y = 240)
    {
        var (sin, cos) = MathF.SinCos(degrees * MathF.PI / 180);
        var points = new float[196];
        for (var i = 0; i < points.Length; i += 2)
        {
            var (u, v) = (MeanFace.Points[i], MeanFace.Points[i + 1]);
            points[i] = x + (scale * ((cos * u) - (sin * v)));
            points[i + 1] = y + (scale * ((sin * u) + (cos * v)));
        }

        return points;
    }

    public static float[] Changed(float[] points, Func<int, float, float, (float X, float Y)> change)
    {
        var changed = new float[points.Length];
        for (var i = 0; i < points.Length; i += 2)
            (changed[i], changed[i + 1]) = change(i / 2, points[i], points[i + 1]);
        return changed;
    }

    public static Face Face(float[] points, int id = 1)
    {
        var face = new Face(points.Length / 2)
        {
            Candidate = new FaceCandidate(id, default),
            IsPresent = true,
            Box = Box.Of(points),
        };
        points.CopyTo(face.Points, 0);
        return face;
    }

    /// <summary>A normally distributed number (Box and Muller).</summary>
    public static float Noise(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
