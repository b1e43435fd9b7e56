using System.Text.Json;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>The topic <c>stats</c>: the node's figures as JSON. Durations are milliseconds.</summary>
internal static class StatsMessage
{
    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter writer, StatsSnapshot stats, string node, string session)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.Stats);
        writer.WriteString("node", node);
        writer.WriteString("session", session);
        writer.WriteTime(JsonEncodedText.Encode("at"), stats.At);
        WriteNumber(writer, "uptimeSeconds", stats.UptimeSeconds);
        writer.WriteStartObject("fps");
        WriteNumber(writer, "in", stats.FpsIn);
        WriteNumber(writer, "out", stats.FpsOut);
        writer.WriteEndObject();
        writer.WriteNumber("frames", stats.Frames);
        writer.WriteNumber("framesWithFaces", stats.FramesWithFaces);
        writer.WriteNumber("faces", stats.Faces);
        writer.WriteStartObject("drops");
        foreach (var (place, reasons) in stats.Drops)
        {
            writer.WriteStartObject(place.Word());
            foreach (var (reason, count) in reasons)
                writer.WriteNumber(reason.Word(), count);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("stages");
        foreach (var (stage, percentiles) in stats.Stages)
            WritePercentiles(writer, stage, percentiles);
        writer.WriteEndObject();
        WritePercentiles(writer, "endToEnd", stats.EndToEnd);
        writer.WriteStartObject("queues");
        foreach (var (queue, length) in stats.Queues)
            writer.WriteNumber(queue, length);
        writer.WriteEndObject();
        WriteNumber(writer, "cpuPercent", stats.CpuPercent);
        writer.WriteNumber("memoryBytes", stats.MemoryBytes);
        if (stats.TemperatureC is { } temperature)
            WriteNumber(writer, "temperatureC", temperature);
        writer.WriteStartObject("mqtt");
        writer.WriteNumber("queued", stats.Mqtt.Queued);
        writer.WriteNumber("sent", stats.Mqtt.Sent);
        writer.WriteNumber("failed", stats.Mqtt.Failed);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePercentiles(Utf8JsonWriter writer, string name, Percentiles percentiles)
    {
        writer.WriteStartObject(name);
        WriteNumber(writer, "p50", percentiles.P50);
        WriteNumber(writer, "p95", percentiles.P95);
        WriteNumber(writer, "p99", percentiles.P99);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double value) => writer.WriteNumber(name, Math.Round(value, 3));
}
