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
    /// <param name="troubles">What is in trouble now.</param>
    public static string Write(StatsSnapshot stats, bool isOnline, TroubleFlags troubles)
    {
        ArgumentNullException.ThrowIfNull(stats);
        ArgumentNullException.ThrowIfNull(troubles);
        var text = new PrometheusWriter();
        text.One("facelandmark_uptime_seconds", "gauge", "Seconds since the start.", stats.UptimeSeconds);
        text.One("facelandmark_fps_in", "gauge", "Frames a second captured.", stats.FpsIn);
        text.One("facelandmark_fps_out", "gauge", "Frames a second with a result.", stats.FpsOut);
        text.One("facelandmark_frames_total", "counter", "Frames with a result.", stats.Frames);
        text.One("facelandmark_frames_with_faces_total", "counter", "Frames with at least one face.", stats.FramesWithFaces);
        text.One("facelandmark_faces_total", "counter", "Faces.", stats.Faces);
        text.Head("facelandmark_drops_total", "counter", "Frames and messages dropped, by place and reason.");
        foreach (var (place, reasons) in stats.Drops)
            foreach (var (reason, count) in reasons)
                text.Line("facelandmark_drops_total", count, ("place", place.Word()), ("reason", reason.Word()));
        text.Head("facelandmark_stage_seconds", "gauge", "Time of a frame in a stage, over the last frames.");
        foreach (var (stage, percentiles) in stats.Stages)
            text.Quantiles("facelandmark_stage_seconds", percentiles, ("stage", stage));
        text.Head("facelandmark_end_to_end_seconds", "gauge", "Time from capture to message, over the last frames.");
        text.Quantiles("facelandmark_end_to_end_seconds", stats.EndToEnd);
        text.Head("facelandmark_queue_length", "gauge", "Items waiting in front of a step.");
        foreach (var (queue, length) in stats.Queues)
            text.Line("facelandmark_queue_length", length, ("queue", queue));
        text.One("facelandmark_cpu_percent", "gauge", "Processor time, percent of one core.", stats.CpuPercent);
        text.One("facelandmark_memory_bytes", "gauge", "Resident memory.", stats.MemoryBytes);
        if (stats.TemperatureC is { } temperature)
            text.One("facelandmark_temperature_celsius", "gauge", "Temperature of the processor.", temperature);
        text.One("facelandmark_mqtt_online", "gauge", "1 while the broker is connected.", isOnline ? 1 : 0);
        text.One("facelandmark_mqtt_sent_total", "counter", "Messages sent.", stats.Mqtt.Sent);
        text.One("facelandmark_mqtt_failed_total", "counter", "Messages that could not be sent.", stats.Mqtt.Failed);
        text.Head("facelandmark_camera_trouble", "gauge", "1 while a camera is stalled, unplugged or failed, or its stream has ended.");
        foreach (var (camera, isInTrouble) in troubles.Cameras)
            text.Line("facelandmark_camera_trouble", isInTrouble ? 1 : 0, ("camera", camera));
        text.One("facelandmark_engine_trouble", "gauge", "1 while a preferred engine is not in use.", troubles.Engine ? 1 : 0);
        text.One("facelandmark_outbox_trouble", "gauge", "1 while the outbox cannot be written.", troubles.Outbox ? 1 : 0);
        return text.ToString();
    }
}
