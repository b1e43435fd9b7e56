namespace FaceLandmark.Postprocess;

/// <summary>How far the points of one face by two engines are apart.</summary>
/// <param name="MeanPx">Mean distance of a point from its counterpart, pixels; NaN where the two cannot be compared.</param>
/// <param name="MaxPx">Largest such distance, pixels.</param>
/// <param name="InterOcular">Distance of the outer eye corners (WFLW points 60 and 72) by the first engine, pixels.</param>
internal readonly record struct FaceAgreement(double MeanPx, double MaxPx, double InterOcular)
{
    private const int LeftEyeCorner = 60;
    private const int RightEyeCorner = 72;

    /// <summary>Faces without a result on one side.</summary>
    public static FaceAgreement None { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Mean distance in % of <see cref="InterOcular"/>.</summary>
    public double MeanPercent => 100 * MeanPx / InterOcular;

    /// <summary>Largest distance in % of <see cref="InterOcular"/>.</summary>
    public double MaxPercent => 100 * MaxPx / InterOcular;

    /// <summary>Compares points x0 y0 x1 y1 ... of the WFLW layout, finite and equally many.</summary>
    public static FaceAgreement Between(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double sum = 0,
            max = 0;
        for (var i = 0; i < first.Length; i += 2)
        {
            var distance = Distance(first[i] - second[i], first[i + 1] - second[i + 1]);
            sum += distance;
            max = Math.Max(max, distance);
        }

        var eyes =
            first.Length > (2 * RightEyeCorner) + 1
                ? Distance(
                    first[2 * RightEyeCorner] - first[2 * LeftEyeCorner],
                    first[(2 * RightEyeCorner) + 1] - first[(2 * LeftEyeCorner) + 1]
                )
                : double.NaN;
        return new FaceAgreement(sum / (first.Length / 2), max, eyes);
    }

    private static double Distance(double x, double y) => Math.Sqrt((x * x) + (y * y));
}
