using FaceLandmark.Recordings;

namespace FaceLandmark.Plots;

/// <summary>The first look at a recording: its time, its cameras and their faces.</summary>
internal sealed class RecordingSurvey : IRecordingViewer
{
    // More are counted, but not listed: memory stays constant, and nobody reads on.
    private const int MostEvents = 1000;
    private const int MostGaps = 200;

    private readonly SortedDictionary<string, CameraSurvey> _cameras = new(StringComparer.Ordinal);
    private readonly List<SeenEvent> _events = [];
    private readonly List<RecordedGap> _gaps = [];

    /// <summary>When the recording begins; that of its first frame where it does not say, or where that frame is earlier.</summary>
    public DateTimeOffset Start { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The time of the last frame.</summary>
    public DateTimeOffset End { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Cameras that have frames.</summary>
    public IReadOnlyList<CameraSurvey> Cameras => [.. _cameras.Values.Where(camera => camera.Frames > 0)];

    /// <summary>The first thousand events.</summary>
    public IReadOnlyList<SeenEvent> Events => _events;

    /// <summary>Events by kind.</summary>
    public SortedDictionary<string, long> EventKinds { get; } = new(StringComparer.Ordinal);

    /// <summary>The first two hundred gaps.</summary>
    public IReadOnlyList<RecordedGap> Gaps => _gaps;

    /// <summary>All gaps.</summary>
    public long GapCount { get; private set; }

    /// <summary>Seconds from the beginning to a moment.</summary>
    public double Seconds(DateTimeOffset at) => (at - Start).TotalSeconds;

    /// <summary>The camera of a topic; null: it has no frames.</summary>
    public CameraSurvey? Of(string topic) => _cameras.GetValueOrDefault(topic) is { Frames: > 0 } camera ? camera : null;

    /// <summary>Gives each camera a name that tells it from the others.</summary>
    public void NameCameras()
    {
        var cameras = Cameras;
        var isEnough = cameras.Select(camera => camera.Name).Distinct().Count() == cameras.Count;
        foreach (var camera in cameras)
            camera.Title = isEnough ? camera.Name : $"{camera.Node} {camera.Name}";
    }

    /// <inheritdoc/>
    public void Begin(DateTimeOffset at) => Start = at < Start ? at : Start;

    /// <inheritdoc/>
    public void See(SeenFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        (Start, End) = (frame.At < Start ? frame.At : Start, frame.At > End ? frame.At : End);
        Camera(frame.Camera).See(frame);
    }

    /// <inheritdoc/>
    public void See(SeenEvent happened)
    {
        EventKinds[happened.Kind] = EventKinds.GetValueOrDefault(happened.Kind) + 1;
        if (_events.Count < MostEvents)
            _events.Add(happened);
        Camera(happened.Camera).See(happened);
    }

    /// <inheritdoc/>
    public void See(string camera, ReadOnlyMemory<byte> picture) { }

    /// <inheritdoc/>
    public void See(RecordedGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        GapCount++;
        if (_gaps.Count < MostGaps)
            _gaps.Add(gap);
        if (gap.Topic is { } topic && topic.LastIndexOf('/') is > 0 and var slash)
            Camera(topic[..slash]).Missing += gap.Missing ?? 0;
    }

    private CameraSurvey Camera(string topic)
    {
        if (!_cameras.TryGetValue(topic, out var camera))
            _cameras.Add(topic, camera = new CameraSurvey(topic));
        return camera;
    }
}
