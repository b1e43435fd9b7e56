namespace FaceLandmark.Postprocess;

/// <summary>A shift, turn and scale of the picture's plane: x' = a x - b y + c, y' = b x + a y + d.</summary>
internal readonly record struct Similarity(float A, float B, float C, float D)
{
    /// <summary>The one that lays points over others with the least sum of squares.</summary>
    /// <param name="from">x0 y0 x1 y1 ...</param>
    /// <param name="to">As many.</param>
    /// <param name="similarity">The answer.</param>
    /// <returns>False when the points of one side coincide or are not finite.</returns>
    public static bool Between(ReadOnlySpan<float> from, ReadOnlySpan<float> to, out Similarity similarity)
    {
        double fromX = 0,
            fromY = 0,
            toX = 0,
            toY = 0;
        var count = from.Length / 2;
        for (var i = 0; i < from.Length; i += 2)
            (fromX, fromY, toX, toY) = (fromX + from[i], fromY + from[i + 1], toX + to[i], toY + to[i + 1]);
        (fromX, fromY, toX, toY) = (fromX / count, fromY / count, toX / count, toY / count);

        // With points as complex numbers the best factor is sum(conj(from) to) / sum(|from|^2), both around their means.
        double norm = 0,
            real = 0,
            imaginary = 0;
        for (var i = 0; i < from.Length; i += 2)
        {
            var (x, y, u, v) = (from[i] - fromX, from[i + 1] - fromY, to[i] - toX, to[i + 1] - toY);
            norm += (x * x) + (y * y);
            real += (x * u) + (y * v);
            imaginary += (x * v) - (y * u);
        }

        var (a, b) = (real / norm, imaginary / norm);
        similarity = new Similarity((float)a, (float)b, (float)(toX - (a * fromX) + (b * fromY)), (float)(toY - (b * fromX) - (a * fromY)));
        return double.IsFinite(a) && double.IsFinite(b) && (a != 0 || b != 0);
    }

    /// <summary>Where a point goes.</summary>
    public (float X, float Y) Map(float x, float y) => ((A * x) - (B * y) + C, (B * x) + (A * y) + D);
}
