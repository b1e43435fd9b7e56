using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>The topic <c>stats</c>: the node's figures as JSON. Durations are milliseconds.</summary>
internal sealed record StatsMessage(
    string Schema,
    string Node,
    string Session,
    string At,
    double UptimeSeconds,
    StatsMessage.Rates Fps,
    long Frames,
    long FramesWithFaces,
    long Faces,
    IReadOnlyDictionary<string, Dictionary<string, long>> Drops,
    IReadOnlyDictionary<string, Percentiles> Stages,
    Percentiles EndToEnd,
    IReadOnlyDictionary<string, int> Queues,
    double CpuPercent,
    long MemoryBytes,
    double? TemperatureC,
    MqttCounts Mqtt
)
{
    /// <summary>The message about the figures of a moment.</summary>
    public static StatsMessage Of(StatsSnapshot stats, NodeIdentity identity) =>
        new(
            MessageSchemas.Stats,
            identity.Name,
            identity.Session,
            MessageJson.ToIsoTime(stats.At),
            Rounded(stats.UptimeSeconds),
            new Rates(Rounded(stats.FpsIn), Rounded(stats.FpsOut)),
            stats.Frames,
            stats.FramesWithFaces,
            stats.Faces,
            stats.Drops.ToDictionary(
                place => place.Key.Word(),
                place => place.Value.ToDictionary(drop => drop.Key.Word(), drop => drop.Value)
            ),
            stats.Stages.ToDictionary(stage => stage.Key, stage => Rounded(stage.Value)),
            Rounded(stats.EndToEnd),
            stats.Queues,
            Rounded(stats.CpuPercent),
            stats.MemoryBytes,
            stats.TemperatureC is { } temperature ? Rounded(temperature) : null,
            stats.Mqtt
        );

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, PublishJson.Default.StatsMessage);

    private static double Rounded(double value) => Math.Round(value, 3);

    private static Percentiles Rounded(Percentiles value) => new(Rounded(value.P50), Rounded(value.P95), Rounded(value.P99));

    /// <summary>Frames a second, captured and with a result.</summary>
    public readonly record struct Rates(double In, double Out);
}
