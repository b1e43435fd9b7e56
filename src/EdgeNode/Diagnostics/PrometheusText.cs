using System.Globalization;
using System.Text;
using FaceLandmark.Platform;

namespace FaceLandmark.Diagnostics;

/// <summary>The figures of <c>stats</c> in the text form that Prometheus reads (version 0.0.4). Durations are seconds there.</summary>
internal static class PrometheusText
{
    /// <summary>Content type of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All figures.</summary>
    /// <param name="stats">The figures.</param>
    /// <param name="isOnline">Whether the broker is connected.</param>
    public static string Write(StatsSnapshot stats, bool isOnline)
    {
        ArgumentNullException.ThrowIfNull(stats);
        var text = new StringBuilder();
        One(text, "facelandmark_uptime_seconds", "gauge", "Seconds since the start.", stats.UptimeSeconds);
        One(text, "facelandmark_fps_in", "gauge", "Frames a second captured.", stats.FpsIn);
        One(text, "facelandmark_fps_out", "gauge", "Frames a second with a result.", stats.FpsOut);
        One(text, "facelandmark_frames_total", "counter", "Frames with a result.", stats.Frames);
        One(text, "facelandmark_frames_with_faces_total", "counter", "Frames with at least one face.", stats.FramesWithFaces);
        One(text, "facelandmark_faces_total", "counter", "Faces.", stats.Faces);
        Head(text, "facelandmark_drops_total", "counter", "Frames and messages dropped, by place and reason.");
        foreach (var (place, reasons) in stats.Drops)
            foreach (var (reason, count) in reasons)
                Line(text, "facelandmark_drops_total", count, ("place", place.Word()), ("reason", reason.Word()));
        Head(text, "facelandmark_stage_seconds", "gauge", "Time of a frame in a stage, over the last frames.");
        foreach (var (stage, percentiles) in stats.Stages)
            Quantiles(text, "facelandmark_stage_seconds", percentiles, ("stage", stage));
        Head(text, "facelandmark_end_to_end_seconds", "gauge", "Time from capture to message, over the last frames.");
        Quantiles(text, "facelandmark_end_to_end_seconds", stats.EndToEnd);
        Head(text, "facelandmark_queue_length", "gauge", "Items waiting in front of a step.");
        foreach (var (queue, length) in stats.Queues)
            Line(text, "facelandmark_queue_length", length, ("queue", queue));
        One(text, "facelandmark_cpu_percent", "gauge", "Processor time, percent of one core.", stats.CpuPercent);
        One(text, "facelandmark_memory_bytes", "gauge", "Resident memory.", stats.MemoryBytes);
        if (stats.TemperatureC is { } temperature)
            One(text, "facelandmark_temperature_celsius", "gauge", "Temperature of the processor.", temperature);
        One(text, "facelandmark_mqtt_online", "gauge", "1 while the broker is connected.", isOnline ? 1 : 0);
        One(text, "facelandmark_mqtt_sent_total", "counter", "Messages sent.", stats.Mqtt.Sent);
        One(text, "facelandmark_mqtt_failed_total", "counter", "Messages that could not be sent.", stats.Mqtt.Failed);
        return text.ToString();
    }

    private static void One(StringBuilder text, string name, string type, string help, double value)
    {
        Head(text, name, type, help);
        Line(text, name, value);
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Quantiles(StringBuilder text, string name, Percentiles percentiles, params (string Name, string Value)[] labels)
    {
        Line(text, name, percentiles.P50 / 1000, [.. labels, ("quantile", "0.5")]);
        Line(text, name, percentiles.P95 / 1000, [.. labels, ("quantile", "0.95")]);
        Line(text, name, percentiles.P99 / 1000, [.. labels, ("quantile", "0.99")]);
    }

    private static void Line(StringBuilder text, string name, double value, params (string Name, string Value)[] labels)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value)}\"")).Append('}');
        text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
