using FaceLandmark.Faces;

namespace FaceLandmark.Postprocess;

/// <summary>
/// What is derived from the points of a face: head pose, openness of eyes and mouth. For layouts other than WFLW-98 all are zero.
/// </summary>
internal static class FaceSignals
{
    // Mean distance of the lids over the width of the eye, in 15 215 labelled faces: 0.05 in the lowest, 0.24 in the middle, 0.34 to 0.41
    // in the highest percentiles.
    private const float ClosedEye = 0.05f;
    private const float WideEye = 0.35f;

    /// <summary>Mean distance of the inner lips over their width in a yawn; 4 of the same faces go beyond it.</summary>
    private const float WideMouth = 0.8f;

    /// <summary>
    /// Fills <see cref="Face.Pose"/>, <see cref="Face.LeftEye"/>, <see cref="Face.RightEye"/> and <see cref="Face.Mouth"/> from
    /// <see cref="Face.Points"/>.
    /// </summary>
    public static void Measure(Face face)
    {
        face.Pose = HeadPoseFit.Of(face.Points);
        (face.LeftEye, face.RightEye) = (EyeOpenness(face.Points, 60), EyeOpenness(face.Points, 68));
        face.Mouth = MouthOpenness(face.Points);
    }

    /// <summary>Openness of an eye, 0 (closed) to 1 (wide open).</summary>
    /// <param name="points">98 points, x0 y0 x1 y1 ...</param>
    /// <param name="first">First point of the eye: 60 or 68. Corners at +0 and +4, upper lid +1 to +3, lower lid +7 to +5.</param>
    public static float EyeOpenness(ReadOnlySpan<float> points, int first) => Openness(points, first, ClosedEye, WideEye);

    /// <summary>Openness of the mouth by the inner lips (88-95), 0 (closed) to 1 (as wide open as mouths go).</summary>
    public static float MouthOpenness(ReadOnlySpan<float> points) => Openness(points, 88, 0, WideMouth);

    /// <summary>Eyes and inner lips are eight points in the same order around their ring.</summary>
    private static float Openness(ReadOnlySpan<float> points, int first, float closed, float open)
    {
        if (points.Length != 2 * 98)
            return 0;
        var gap =
            (Distance(points, first + 1, first + 7) + Distance(points, first + 2, first + 6) + Distance(points, first + 3, first + 5)) / 3;
        var ratio = gap / Distance(points, first, first + 4);
        return float.IsFinite(ratio) ? Math.Clamp((ratio - closed) / (open - closed), 0, 1) : 0;
    }

    private static float Distance(ReadOnlySpan<float> points, int a, int b) =>
        MathF.Sqrt(Square(points[2 * a] - points[2 * b]) + Square(points[(2 * a) + 1] - points[(2 * b) + 1]));

    private static float Square(float value) => value * value;
}
