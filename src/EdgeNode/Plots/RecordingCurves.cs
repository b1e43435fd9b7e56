using FaceLandmark.Recordings;

namespace FaceLandmark.Plots;

/// <summary>The second look at a recording: the series that are drawn, and the pictures of the faces.</summary>
internal sealed class RecordingCurves : IRecordingViewer
{
    private readonly RecordingSurvey _survey;
    private readonly Dictionary<string, CameraCurves> _cameras;
    private readonly Dictionary<string, SeenFrame> _latest = new(StringComparer.Ordinal);
    private readonly FaceThumbnails? _thumbnails;

    /// <summary>Empty series.</summary>
    /// <param name="survey">The first look.</param>
    /// <param name="columns">Columns of the pictures.</param>
    /// <param name="thumbnails">Where pictures of faces go; null: there are to be none.</param>
    public RecordingCurves(RecordingSurvey survey, int columns, FaceThumbnails? thumbnails)
    {
        ArgumentNullException.ThrowIfNull(survey);
        (_survey, _thumbnails) = (survey, thumbnails);
        _cameras = survey.Cameras.ToDictionary(camera => camera.Topic, camera => new CameraCurves(survey, camera, columns));
    }

    /// <summary>The cameras, in the order of the survey.</summary>
    public IReadOnlyList<CameraCurves> Cameras => [.. _survey.Cameras.Select(camera => _cameras[camera.Topic])];

    /// <inheritdoc/>
    public void Begin(DateTimeOffset at) { }

    /// <inheritdoc/>
    public void See(SeenFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!_cameras.TryGetValue(frame.Camera, out var camera))
            return; // the file grows while it is read
        camera.See(frame);
        _latest[frame.Camera] = frame;
    }

    /// <inheritdoc/>
    public void See(SeenEvent happened) { }

    /// <inheritdoc/>
    public void See(string camera, ReadOnlyMemory<byte> picture)
    {
        if (_latest.TryGetValue(camera, out var frame))
            _thumbnails?.TakePreview(_cameras[camera].Camera, frame, picture);
    }

    /// <inheritdoc/>
    public void See(RecordedGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        if (
            gap.Missing is { } missing
            && gap.Topic is { } topic
            && topic.LastIndexOf('/') is > 0 and var slash
            && _cameras.TryGetValue(topic[..slash], out var camera)
        )
            camera.Missing.Add(_survey.Seconds(gap.At), missing);
    }
}
