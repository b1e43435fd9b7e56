using System.Text.Json;

namespace FaceLandmark.Models;

/// <summary>Errors of a model over a list, all in percent.</summary>
/// <param name="Count">Faces.</param>
/// <param name="NmeMean">Mean of the normalised mean error.</param>
/// <param name="NmeMedian">Median of it.</param>
/// <param name="FailureRate10">Share of faces with an error above 10 %.</param>
/// <param name="Auc10">Area under the cumulative error curve up to 10 %, over its greatest possible value.</param>
/// <param name="Model">Name of the model.</param>
public sealed record EvaluationReport(int Count, double NmeMean, double NmeMedian, double FailureRate10, double Auc10, string Model)
{
    private const double Limit = 10;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>Normalised mean error of a face in percent: mean point distance over the distance of the outer eye corners (points 60 and 72).</summary>
    public static double Nme(ReadOnlySpan<float> points, ReadOnlySpan<float> truth)
    {
        var sum = 0.0;
        for (var i = 0; i < truth.Length; i += 2)
            sum += double.Hypot(points[i] - truth[i], points[i + 1] - truth[i + 1]);
        return 100 * sum / (truth.Length / 2) / double.Hypot(truth[120] - truth[144], truth[121] - truth[145]);
    }

    /// <summary>Sums the errors of all faces up; at least one.</summary>
    public static EvaluationReport Of(IReadOnlyCollection<double> errors, string model)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var sorted = errors.Order().ToList();
        var median = (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        var failures = 100.0 * sorted.Count(error => error > Limit) / sorted.Count;

        // The curve steps up by 1/n at each error e; its area up to the limit is the mean of (limit - e) where e is below.
        var area = 100 * sorted.Average(error => Math.Max(0, Limit - error)) / Limit;
        return new EvaluationReport(sorted.Count, Math.Round(sorted.Average(), 4), Math.Round(median, 4), Math.Round(failures, 4), Math.Round(area, 4), model);
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
