namespace FaceLandmark.Plots;

/// <summary>What a recording says of one camera, in figures.</summary>
internal sealed class CameraSurvey(string topic)
{
    // More are counted, but not listed: memory stays constant.
    private const int MostFaces = 10_000;

    private readonly FramePairs _pairs = new();
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly Dictionary<FaceKey, FaceSurvey> _faces = [];

    /// <summary>Topic without the last level.</summary>
    public string Topic { get; } = topic;

    /// <summary>Name of the camera.</summary>
    public string Name => Topic[(Topic.LastIndexOf('/') + 1)..];

    /// <summary>Name of its node.</summary>
    public string Node => Topic.Split('/') is { Length: >= 3 } levels && levels[^2] == "cameras" ? levels[^3] : "";

    /// <summary>What it is called in a recording of several.</summary>
    public string Title { get; set; } = topic;

    /// <summary>Frames with a result.</summary>
    public long Frames { get; private set; }

    /// <summary>Frames with a face.</summary>
    public long FramesWithFaces { get; private set; }

    /// <summary>Most faces on one frame.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Frames that the node dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>Messages that the recording misses.</summary>
    public long Missing { get; set; }

    /// <summary>Starts of the node.</summary>
    public int Starts => _starts.Count;

    /// <summary>When the first frame came.</summary>
    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>When the last frame came.</summary>
    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The engines, by name.</summary>
    public SortedDictionary<string, EngineSurvey> Engines { get; } = new(StringComparer.Ordinal);

    /// <summary>How far two engines are apart.</summary>
    public AgreementSurvey Agreement { get; } = new();

    /// <summary>The faces, those that were seen longest first.</summary>
    public IReadOnlyList<FaceSurvey> Faces =>
        [.. _faces.Values.OrderByDescending(face => face.Frames).ThenBy(face => face.First).ThenBy(face => face.Key.Id)];

    /// <summary>Mean time between frames.</summary>
    public TimeSpan Interval => Frames > 1 ? (Last - First) / (Frames - 1) : TimeSpan.Zero;

    /// <summary>Which face a message means.</summary>
    public FaceKey KeyOf(string session, int face)
    {
        if (!_starts.TryGetValue(session, out var start))
            _starts.Add(session, start = _starts.Count + 1);
        return new FaceKey(start, face);
    }

    /// <summary>What a face is called.</summary>
    public string NameOf(FaceKey face) => Starts > 1 ? $"face {face.Id} of start {face.Start}" : $"face {face.Id}";

    /// <summary>A frame.</summary>
    public void See(SeenFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var isNew = _pairs.Take(frame, out var first);
        if ((isNew || first is not null) && frame.Milliseconds is { } took)
        {
            if (!Engines.TryGetValue(frame.Engine, out var engine))
                Engines.Add(frame.Engine, engine = new EngineSurvey());
            engine.Add(took);
        }

        foreach (var face in first is null ? [] : AgreementSurvey.Between(first, frame))
            Agreement.Add(face);
        if (!isNew)
            return;
        Frames++;
        Dropped += frame.Dropped;
        FramesWithFaces += frame.Faces.Count > 0 ? 1 : 0;
        MostAtOnce = Math.Max(MostAtOnce, frame.Faces.Count);
        (First, Last) = (frame.At < First ? frame.At : First, frame.At > Last ? frame.At : Last);
        foreach (var face in frame.Faces)
        {
            var key = KeyOf(frame.Session, face.Id);
            if (!_faces.TryGetValue(key, out var survey))
            {
                if (_faces.Count == MostFaces)
                    continue;
                _faces.Add(key, survey = new FaceSurvey(key, frame.At));
            }

            survey.See(face, frame);
        }
    }

    /// <summary>An event.</summary>
    public void See(SeenEvent happened)
    {
        if (_faces.TryGetValue(KeyOf(happened.Session, happened.Face), out var face))
            face.Events[happened.Kind] = face.Events.GetValueOrDefault(happened.Kind) + 1;
    }
}
