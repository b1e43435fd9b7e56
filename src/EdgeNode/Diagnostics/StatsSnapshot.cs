namespace FaceLandmark.Diagnostics;

/// <summary>The node's figures at one moment: the content of the <c>stats</c> topic.</summary>
internal sealed record StatsSnapshot
{
    /// <summary>When it was taken (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Seconds since the start.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>Frames a second captured, over the last seconds.</summary>
    public required double FpsIn { get; init; }

    /// <summary>Frames a second with a result, over the last seconds.</summary>
    public required double FpsOut { get; init; }

    /// <summary>Results since the start.</summary>
    public required long Frames { get; init; }

    /// <summary>Results with at least one face since the start.</summary>
    public required long FramesWithFaces { get; init; }

    /// <summary>Faces since the start.</summary>
    public required long Faces { get; init; }

    /// <summary>Drops since the start: place, reason, count.</summary>
    public required IReadOnlyDictionary<DropPlace, IReadOnlyDictionary<DropReason, long>> Drops { get; init; }

    /// <summary>Milliseconds by stage over the last frames.</summary>
    public required IReadOnlyDictionary<string, Percentiles> Stages { get; init; }

    /// <summary>Milliseconds from capture to message over the last frames.</summary>
    public required Percentiles EndToEnd { get; init; }

    /// <summary>Items waiting in front of each step.</summary>
    public required IReadOnlyDictionary<string, int> Queues { get; init; }

    /// <summary>Processor time of this process, percent of one core; above 100 on several.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Resident memory of this process, bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Temperature of the processor in degrees Celsius, where the system tells it.</summary>
    public double? TemperatureC { get; init; }

    /// <summary>Messages: waiting, sent, failed since the start.</summary>
    public required MqttCounts Mqtt { get; init; }
}
