namespace FaceLandmark.Models.Evaluation;

/// <summary>The two sets of landmarks that people mark: 98 in the order of WFLW, 68 in that of iBUG, 300-W, AFW, Helen and LFPW.</summary>
internal static class LandmarkSets
{
    /// <summary>
    /// For each of the 68 points its counterpart among the 98: every second point of the contour, the upper edge of each brow, bridge and
    /// foot of the nose, of each eye all but the middles of the lids and the pupil, the mouth as it is. Both sets were drawn along the same
    /// curves, not at the same spots of them.
    /// </summary>
    private static readonly int[] s_of68 =
    [
        0,
        2,
        4,
        6,
        8,
        10,
        12,
        14,
        16,
        18,
        20,
        22,
        24,
        26,
        28,
        30,
        32, // contour
        33,
        34,
        35,
        36,
        37,
        42,
        43,
        44,
        45,
        46, // brows
        51,
        52,
        53,
        54,
        55,
        56,
        57,
        58,
        59, // nose
        60,
        61,
        63,
        64,
        65,
        67,
        68,
        69,
        71,
        72,
        73,
        75, // eyes
        76,
        77,
        78,
        79,
        80,
        81,
        82,
        83,
        84,
        85,
        86,
        87,
        88,
        89,
        90,
        91,
        92,
        93,
        94,
        95, // lips
    ];

    /// <summary>The counterparts of the 68 points among the 98, in their order.</summary>
    public static ReadOnlySpan<int> Of68 => s_of68;

    /// <summary>The 68 of 98 points.</summary>
    /// <param name="points">98 points, x0 y0 x1 y1 ...</param>
    public static float[] To68(ReadOnlySpan<float> points)
    {
        var shared = new float[2 * s_of68.Length];
        for (var i = 0; i < s_of68.Length; i++)
            (shared[2 * i], shared[(2 * i) + 1]) = (points[2 * s_of68[i]], points[(2 * s_of68[i]) + 1]);
        return shared;
    }

    /// <summary>98 points of which only the 68 are set, the others NaN.</summary>
    /// <param name="points">68 points, x0 y0 x1 y1 ...</param>
    public static float[] To98(ReadOnlySpan<float> points)
    {
        var all = new float[2 * 98];
        Array.Fill(all, float.NaN);
        for (var i = 0; i < s_of68.Length; i++)
            (all[2 * s_of68[i]], all[(2 * s_of68[i]) + 1]) = (points[2 * i], points[(2 * i) + 1]);
        return all;
    }

    /// <summary>Distance of the outer eye corners, by which errors are normalised: points 60 and 72 of 98, 36 and 45 of 68.</summary>
    public static double InterOcular(ReadOnlySpan<float> points)
    {
        var (left, right) = points.Length == 2 * 98 ? (60, 72) : (36, 45);
        return double.Hypot(points[2 * left] - points[2 * right], points[(2 * left) + 1] - points[(2 * right) + 1]);
    }

    /// <summary>The part of the face that a point of a set of 98 or 68 belongs to.</summary>
    public static FacePart PartOf(int point, int count) =>
        (count == 98 ? point : s_of68[point]) switch
        {
            <= 32 => FacePart.Contour,
            <= 50 => FacePart.Brows,
            <= 59 => FacePart.Nose,
            >= 76 and <= 95 => FacePart.Mouth,
            _ => FacePart.Eyes,
        };

    /// <summary>Whether the outer corners of the eyes are apart.</summary>
    internal static bool HasEyes(ReadOnlySpan<float> points) => InterOcular(points) > 0;
}
