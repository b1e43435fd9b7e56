using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FaceLandmark.Platform;

namespace FaceLandmark.Diagnostics;

/// <summary>
/// Every figure of the node, counted in one place and told in three forms: instruments of the meter <c>facelandmark</c>, the
/// <c>stats</c> message and the report at the end. Thread-safe; counting a frame allocates nothing.
/// </summary>
internal sealed class NodeMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "facelandmark";

    private const int Window = 1024;
    private static readonly string[] s_stages = ["queue", "locate", "preprocess", "inference", "postprocess"];

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _drops;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<double> _endToEndDuration;
    private readonly ConcurrentDictionary<(DropPlace Place, DropReason Reason), long> _dropCounts = new();
    private readonly Dictionary<string, RollingWindow> _stages = s_stages.ToDictionary(name => name, _ => new RollingWindow(Window));
    private readonly RollingWindow _endToEnd = new(Window);
    private readonly ConcurrentDictionary<string, Func<int>> _queues = new();
    private readonly RateMeter _rateIn;
    private readonly RateMeter _rateOut;
    private readonly ProcessUsage _usage;
    private long _framesIn;
    private long _firstOutAt;
    private long _lastOutAt;
    private long _framesOut;
    private long _framesWithFaces;
    private long _faces;
    private long _mqttSent;
    private long _mqttFailed;

    /// <summary>Creates the instruments.</summary>
    public NodeMetrics(IMeterFactory meters, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _time = time;
        _started = time.GetTimestamp();
        _rateIn = new RateMeter(time);
        _rateOut = new RateMeter(time);
        _usage = new ProcessUsage(time);
        var meter = meters.Create(MeterName);
        _frames = meter.CreateCounter<long>("facelandmark.frames", "{frame}", "Frames with a result, by camera and engine.");
        _drops = meter.CreateCounter<long>("facelandmark.drops", "{item}", "Frames and messages dropped, by place and reason.");
        _stageDuration = meter.CreateHistogram<double>("facelandmark.stage.duration", "ms", "Time of a frame in a stage.");
        _endToEndDuration = meter.CreateHistogram<double>("facelandmark.end_to_end.duration", "ms", "Time from capture to message.");
        meter.CreateObservableGauge("facelandmark.queue.length", ObserveQueues, "{item}", "Items waiting in front of a step.");
        meter.CreateObservableGauge("facelandmark.cpu", _usage.CpuPercent, "%", "Processor time, percent of one core.");
        meter.CreateObservableGauge("facelandmark.memory", () => ProcessUsage.ResidentBytes, "By", "Resident memory.");
        meter.CreateObservableCounter("facelandmark.mqtt.sent", () => Interlocked.Read(ref _mqttSent), "{message}", "Messages sent.");
        meter.CreateObservableCounter(
            "facelandmark.mqtt.failed",
            () => Interlocked.Read(ref _mqttFailed),
            "{message}",
            "Messages that could not be sent."
        );
    }

    /// <summary>Frames captured so far.</summary>
    public long FramesIn => Interlocked.Read(ref _framesIn);

    /// <summary>Results so far.</summary>
    public long FramesOut => Interlocked.Read(ref _framesOut);

    /// <summary>Frames with a result a second, over the last seconds.</summary>
    public double FpsOut => _rateOut.PerSecond();

    /// <summary>Frames with a result a second, from the first to the last; 0 before the second.</summary>
    public double AverageFps
    {
        get
        {
            var seconds = _time.GetElapsedTime(Interlocked.Read(ref _firstOutAt), Interlocked.Read(ref _lastOutAt)).TotalSeconds;
            return FramesOut > 1 && seconds > 0 ? (FramesOut - 1) / seconds : 0;
        }
    }

    /// <summary>Messages sent so far.</summary>
    public long MqttSent => Interlocked.Read(ref _mqttSent);

    /// <summary>Names a queue and how to read its length.</summary>
    public void WatchQueue(string name, Func<int> length) => _queues[name] = length;

    /// <summary>A frame was captured.</summary>
    public void FrameCaptured()
    {
        Interlocked.Increment(ref _framesIn);
        _rateIn.Count();
    }

    /// <summary>A frame has its result.</summary>
    /// <param name="camera">Name of its camera.</param>
    /// <param name="engine">Name of the engine that inferred it.</param>
    /// <param name="faces">Faces that are present.</param>
    /// <param name="times">How long each step took.</param>
    public void FrameFinished(string camera, string engine, int faces, StageTimes times)
    {
        ArgumentNullException.ThrowIfNull(times);
        var now = _time.GetTimestamp();
        if (Interlocked.Increment(ref _framesOut) == 1)
            Interlocked.Exchange(ref _firstOutAt, now);
        Interlocked.Exchange(ref _lastOutAt, now);
        Interlocked.Add(ref _faces, faces);
        if (faces > 0)
            Interlocked.Increment(ref _framesWithFaces);
        _rateOut.Count();
        _frames.Add(1, new KeyValuePair<string, object?>("camera", camera), new KeyValuePair<string, object?>("engine", engine));
        Stage("queue", times.Queue);
        Stage("locate", times.Locate);
        Stage("preprocess", times.Preprocess);
        Stage("inference", times.Inference);
        Stage("postprocess", times.Postprocess);
        _endToEnd.Add(times.Total);
        _endToEndDuration.Record(times.Total);
    }

    /// <summary>Something was dropped.</summary>
    public void Dropped(DropPlace place, DropReason reason, long count = 1)
    {
        _dropCounts.AddOrUpdate((place, reason), count, (_, before) => before + count);
        _drops.Add(
            count,
            new KeyValuePair<string, object?>("place", place.Word()),
            new KeyValuePair<string, object?>("reason", reason.Word())
        );
    }

    /// <summary>A message reached the broker connection.</summary>
    public void MessageSent() => Interlocked.Increment(ref _mqttSent);

    /// <summary>A message could not be sent.</summary>
    public void MessageFailed() => Interlocked.Increment(ref _mqttFailed);

    /// <summary>All figures now.</summary>
    public StatsSnapshot Snapshot()
    {
        var queues = _queues.ToDictionary(queue => queue.Key, queue => queue.Value());
        return new StatsSnapshot
        {
            At = _time.GetUtcNow(),
            UptimeSeconds = _time.GetElapsedTime(_started).TotalSeconds,
            FpsIn = _rateIn.PerSecond(),
            FpsOut = FpsOut,
            Frames = FramesOut,
            FramesWithFaces = Interlocked.Read(ref _framesWithFaces),
            Faces = Interlocked.Read(ref _faces),
            Drops = _dropCounts
                .GroupBy(drop => drop.Key.Place)
                .ToDictionary(
                    place => place.Key,
                    IReadOnlyDictionary<DropReason, long> (place) => place.ToDictionary(drop => drop.Key.Reason, drop => drop.Value)
                ),
            Stages = _stages.ToDictionary(stage => stage.Key, stage => stage.Value.Percentiles()),
            EndToEnd = _endToEnd.Percentiles(),
            Queues = queues,
            CpuPercent = _usage.CpuPercent(),
            MemoryBytes = ProcessUsage.ResidentBytes,
            TemperatureC = ProcessUsage.TemperatureC(),
            Mqtt = new MqttCounts(queues.GetValueOrDefault("mqtt"), MqttSent, Interlocked.Read(ref _mqttFailed)),
        };
    }

    private void Stage(string name, double milliseconds)
    {
        _stages[name].Add(milliseconds);
        _stageDuration.Record(milliseconds, new KeyValuePair<string, object?>("stage", name));
    }

    private IEnumerable<Measurement<int>> ObserveQueues() =>
        _queues.Select(queue => new Measurement<int>(queue.Value(), new KeyValuePair<string, object?>("queue", queue.Key)));
}
