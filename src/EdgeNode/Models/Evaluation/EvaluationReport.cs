using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Platform;

namespace FaceLandmark.Models.Evaluation;

/// <summary>Errors of a model over a list, all in percent.</summary>
/// <param name="Count">Faces.</param>
/// <param name="NmeMean">Mean of the normalised mean error.</param>
/// <param name="NmeMedian">Median of it.</param>
/// <param name="FailureRate10">Share of faces with an error above 10 %.</param>
/// <param name="Auc10">Area under the cumulative error curve up to 10 %, over its greatest possible value.</param>
/// <param name="Model">Name of the model.</param>
internal sealed record EvaluationReport(int Count, double NmeMean, double NmeMedian, double FailureRate10, double Auc10, string Model)
{
    /// <summary>An error above this counts as a failure; the cumulative curve ends there.</summary>
    public const double Limit = 10;

    private static readonly double[] s_yaws = [0, 15, 30, 45, 90];
    private static readonly double[] s_rolls = [0, 10, 20, 30, 45, 180];

    /// <summary>The list, as given.</summary>
    public string List { get; init; } = "";

    /// <summary>Points compared on each face: 98 or 68.</summary>
    public int Points { get; init; }

    /// <summary>Share of faces whose points the node does not accept as a face.</summary>
    public double Refused { get; init; }

    /// <summary>Share of faces that the detector did not find; their region was the whole picture.</summary>
    public double Missed { get; init; }

    /// <summary>Mean error by part of the face.</summary>
    public IReadOnlyDictionary<string, double> Parts { get; init; } = new Dictionary<string, double>();

    /// <summary>Errors of the faces with an attribute of WFLW; attributes that no face has are left out.</summary>
    public IReadOnlyDictionary<string, ErrorGroup> Attributes { get; init; } = new Dictionary<string, ErrorGroup>();

    /// <summary>Errors by how far the head is turned to a side, in degrees without sign, <c>from-to</c>.</summary>
    public IReadOnlyDictionary<string, ErrorGroup> Yaw { get; init; } = new Dictionary<string, ErrorGroup>();

    /// <summary>Errors by how far the head is tilted in the picture, in degrees without sign, <c>from-to</c>.</summary>
    public IReadOnlyDictionary<string, ErrorGroup> Roll { get; init; } = new Dictionary<string, ErrorGroup>();

    /// <summary>The error of each face, smallest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> Errors { get; init; } = [];

    /// <summary>Sums the errors of all faces up; at least one.</summary>
    public static EvaluationReport Of(IReadOnlyCollection<FaceError> faces, string model)
    {
        ArgumentNullException.ThrowIfNull(faces);
        var all = Group(faces);
        var errors = faces.Select(face => face.Nme).Order().ToList();

        // The curve steps up by 1/n at each error e; its area up to the limit is the mean of (limit - e) where e is below.
        var area = 100 * errors.Average(error => Math.Max(0, Limit - error)) / Limit;
        return new EvaluationReport(all.Count, all.NmeMean, all.NmeMedian, all.FailureRate10, Math.Round(area, 4), model)
        {
            Refused = all.Refused,
            Missed = Share(faces, face => !face.IsFound),
            Parts = Enum.GetValues<FacePart>()
                .ToDictionary(part => part.Word(), part => Math.Round(faces.Average(face => face.Parts[(int)part]), 4)),
            Attributes = Enum.GetValues<FaceAttributes>()
                .Where(attribute => attribute != FaceAttributes.None)
                .Select(attribute => (Name: attribute.Word(), Faces: faces.Where(face => face.Attributes.HasFlag(attribute)).ToList()))
                .Where(group => group.Faces.Count > 0)
                .ToDictionary(group => group.Name, group => Group(group.Faces)),
            Yaw = Bands(faces, s_yaws, face => face.Pose.Yaw),
            Roll = Bands(faces, s_rolls, face => face.Pose.Roll),
            Errors = errors,
        };
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.EvaluationReport);

    private static Dictionary<string, ErrorGroup> Bands(IEnumerable<FaceError> faces, double[] edges, Func<FaceError, double> degrees) =>
        edges
            .Zip(
                edges.Skip(1),
                (from, to) =>
                    (Name: $"{from}-{to}", Faces: faces.Where(face => IsBetween(from, to, isLast: to == edges[^1], degrees(face))).ToList())
            )
            .Where(band => band.Faces.Count > 0)
            .ToDictionary(band => band.Name, band => Group(band.Faces));

    // The last band holds its end too: 90 degrees of yaw, 180 of roll.
    private static bool IsBetween(double from, double to, bool isLast, double degrees) =>
        Math.Abs(degrees) >= from && (Math.Abs(degrees) < to || isLast);

    private static ErrorGroup Group(IReadOnlyCollection<FaceError> faces)
    {
        var errors = faces.Select(face => face.Nme).Order().ToList();
        return new ErrorGroup(
            errors.Count,
            Math.Round(errors.Average(), 4),
            Math.Round((errors[(errors.Count - 1) / 2] + errors[errors.Count / 2]) / 2, 4),
            Share(faces, face => face.Nme > Limit),
            Share(faces, face => !face.IsAccepted)
        );
    }

    private static double Share(IReadOnlyCollection<FaceError> faces, Func<FaceError, bool> which) =>
        Math.Round(100.0 * faces.Count(which) / faces.Count, 4);
}
