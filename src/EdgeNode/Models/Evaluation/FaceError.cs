using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Models.Evaluation;

/// <summary>The error of a model on one face.</summary>
/// <param name="Nme">Normalised mean error: mean distance of a point from the truth in % of that of the outer eye corners.</param>
/// <param name="Parts">The same for each <see cref="FacePart"/>.</param>
/// <param name="Attributes">What the list says of the face.</param>
/// <param name="Pose">Direction of the head by the true points.</param>
/// <param name="IsAccepted">Whether the node would have published the points as a face.</param>
/// <param name="IsFound">Whether the region is the list's or one that the detector found.</param>
internal sealed record FaceError(
    double Nme,
    IReadOnlyList<double> Parts,
    FaceAttributes Attributes,
    HeadPose Pose,
    bool IsAccepted = true,
    bool IsFound = true
)
{
    private static readonly int s_parts = Enum.GetValues<FacePart>().Length;

    /// <summary>Measures points against the truth. Where one side has 98 and the other 68, the 68 that both have are compared.</summary>
    /// <param name="points">98 or 68 points, x0 y0 x1 y1 ..., finite.</param>
    /// <param name="face">The truth; its eye corners are apart.</param>
    /// <param name="isAccepted">Whether they were accepted as a face.</param>
    /// <param name="isFound">Whether the face was found.</param>
    public static FaceError Of(ReadOnlySpan<float> points, AnnotatedFace face, bool isAccepted = true, bool isFound = true)
    {
        ArgumentNullException.ThrowIfNull(face);
        ReadOnlySpan<float> truth = face.Points;
        if (points.Length != truth.Length)
        {
            points = points.Length == 2 * 98 ? LandmarkSets.To68(points) : points;
            truth = truth.Length == 2 * 98 ? LandmarkSets.To68(truth) : truth;
        }

        var count = truth.Length / 2;
        Span<double> sums = stackalloc double[s_parts];
        Span<int> counts = stackalloc int[s_parts];
        for (var i = 0; i < count; i++)
        {
            var part = (int)LandmarkSets.PartOf(i, count);
            sums[part] += double.Hypot(points[2 * i] - truth[2 * i], points[(2 * i) + 1] - truth[(2 * i) + 1]);
            counts[part]++;
        }

        var unit = 100 / LandmarkSets.InterOcular(truth);
        var total = 0.0;
        var parts = new double[s_parts];
        for (var i = 0; i < s_parts; i++)
        {
            total += sums[i];
            parts[i] = unit * sums[i] / counts[i];
        }

        var pose = HeadPoseFit.Of(face.Points.Length == 2 * 98 ? face.Points : LandmarkSets.To98(face.Points));
        return new FaceError(unit * total / count, parts, face.Attributes, pose, isAccepted, isFound);
    }
}
