using System.Text.Json;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Platform;

namespace FaceLandmark.Hosting;

/// <summary>The figures of a run, as <c>--report json</c> prints them.</summary>
/// <param name="Frames">Frames with a result.</param>
/// <param name="FramesWithFaces">Those with at least one face.</param>
/// <param name="Faces">Faces in all.</param>
/// <param name="Published">Landmark messages handed to the broker connection and sent.</param>
/// <param name="Dropped">Drops by place and reason.</param>
/// <param name="Fps">Frames with a result a second, from the first frame to the last.</param>
/// <param name="LatencyMs">Milliseconds from capture to message, over the last frames.</param>
/// <param name="Engine">What made the results.</param>
/// <param name="Model">Name of the model.</param>
internal sealed record RunReport(
    long Frames,
    long FramesWithFaces,
    long Faces,
    long Published,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Dropped,
    double Fps,
    RunReport.Latency LatencyMs,
    string Engine,
    string Model
)
{
    /// <summary>Frames that the cameras gave.</summary>
    public long Captured { get; init; }

    /// <summary>Landmark messages that were dropped on their way to the broker; they count among <see cref="Dropped"/>, too.</summary>
    public long Unpublished { get; init; }

    /// <summary>Messages about what happened to faces that were made.</summary>
    public long Events { get; init; }

    /// <summary>The report of a node's figures.</summary>
    public static RunReport Of(StatsSnapshot stats, long published, double fps, EngineInfo engine)
    {
        ArgumentNullException.ThrowIfNull(stats);
        ArgumentNullException.ThrowIfNull(engine);
        var latency = new Latency(Math.Round(stats.EndToEnd.P50, 2), Math.Round(stats.EndToEnd.P95, 2), Math.Round(stats.EndToEnd.P99, 2));
        var drops = stats.Drops.ToDictionary(
            place => place.Key.Word(),
            IReadOnlyDictionary<string, long> (place) => place.Value.ToDictionary(drop => drop.Key.Word(), drop => drop.Value)
        );
        return new RunReport(
            stats.Frames,
            stats.FramesWithFaces,
            stats.Faces,
            published,
            drops,
            Math.Round(fps, 2),
            latency,
            engine.Name,
            engine.Model.Name
        );
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunReportJson.Default.RunReport);

    /// <summary>Percentiles in milliseconds.</summary>
    public readonly record struct Latency(double P50, double P95, double P99);
}
