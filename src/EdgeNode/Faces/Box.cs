namespace FaceLandmark.Faces;

/// <summary>A rectangle in pixels of the frame.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width, not negative.</param>
/// <param name="Height">Height, not negative.</param>
internal readonly record struct Box(float X, float Y, float Width, float Height)
{
    /// <summary>The smallest box that holds all points (x0 y0 x1 y1 ...); empty for no points.</summary>
    public static Box Of(ReadOnlySpan<float> points)
    {
        if (points.Length < 2)
            return default;
        float left = points[0],
            right = left,
            top = points[1],
            bottom = top;
        for (var i = 2; i + 1 < points.Length; i += 2)
        {
            left = MathF.Min(left, points[i]);
            right = MathF.Max(right, points[i]);
            top = MathF.Min(top, points[i + 1]);
            bottom = MathF.Max(bottom, points[i + 1]);
        }

        return new Box(left, top, right - left, bottom - top);
    }

    /// <summary>Intersection over union with another box, 0 to 1.</summary>
    public float Overlap(in Box other)
    {
        var width = MathF.Min(X + Width, other.X + other.Width) - MathF.Max(X, other.X);
        var height = MathF.Min(Y + Height, other.Y + other.Height) - MathF.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
            return 0;
        var shared = width * height;
        return shared / ((Width * Height) + (other.Width * other.Height) - shared);
    }
}
