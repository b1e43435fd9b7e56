namespace FaceLandmark.Plots;

/// <summary>The series of one camera, in a fixed number of columns.</summary>
internal sealed class CameraCurves
{
    /// <summary>Faces with curves of their own: as many as there are colours that people can tell apart.</summary>
    public const int MostFaces = 6;

    private readonly RecordingSurvey _survey;
    private readonly Dictionary<FaceKey, FaceCurves> _faces;
    private readonly FramePairs _pairs = new();

    /// <summary>Empty series.</summary>
    /// <param name="survey">The whole recording.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="columns">Columns of the picture.</param>
    public CameraCurves(RecordingSurvey survey, CameraSurvey camera, int columns)
    {
        ArgumentNullException.ThrowIfNull(survey);
        (_survey, Camera) = (survey, camera);
        var seconds = survey.Seconds(survey.End);
        _faces = camera.Faces.Take(MostFaces).ToDictionary(face => face.Key, face => new FaceCurves(face, seconds, columns));
        Faces = [.. _faces.Values];
        Count = new MinMaxColumns(seconds, columns);
        Dropped = new MinMaxColumns(seconds, columns);
        Missing = new MinMaxColumns(seconds, columns);
        Agreement = new MinMaxColumns(seconds, columns);
        Latency = camera.Engines.Keys.ToDictionary(engine => engine, _ => new MinMaxColumns(seconds, columns));
    }

    /// <summary>The camera.</summary>
    public CameraSurvey Camera { get; }

    /// <summary>The faces that were seen longest.</summary>
    public IReadOnlyList<FaceCurves> Faces { get; }

    /// <summary>Faces on a frame.</summary>
    public MinMaxColumns Count { get; }

    /// <summary>Frames that the node dropped.</summary>
    public MinMaxColumns Dropped { get; }

    /// <summary>Messages that the recording misses.</summary>
    public MinMaxColumns Missing { get; }

    /// <summary>Mean distance of the points of two engines, % of the distance between the outer eye corners.</summary>
    public MinMaxColumns Agreement { get; }

    /// <summary>Milliseconds by engine.</summary>
    public IReadOnlyDictionary<string, MinMaxColumns> Latency { get; }

    /// <summary>A frame.</summary>
    public void See(SeenFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var at = _survey.Seconds(frame.At);
        var isNew = _pairs.Take(frame, out var first);
        if ((isNew || first is not null) && Latency.TryGetValue(frame.Engine, out var latency))
            latency.Add(at, frame.Milliseconds ?? double.NaN);
        foreach (var face in first is null ? [] : AgreementSurvey.Between(first, frame))
            Agreement.Add(at, face.MeanPercent);
        if (!isNew)
            return;
        Count.Add(at, frame.Faces.Count);
        Dropped.Add(at, frame.Dropped);
        foreach (var face in frame.Faces)
        {
            if (_faces.TryGetValue(Camera.KeyOf(frame.Session, face.Id), out var curves))
                curves.Add(at, face);
        }
    }
}
