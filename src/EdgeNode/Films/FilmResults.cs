using FaceLandmark.Capture;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Publish;

namespace FaceLandmark.Films;

/// <summary>
/// What is made of the results of a film's frames. Unlike messages to a broker it waits until they are written, and so the pipeline, and
/// so the decoder: every frame counts. The first file that cannot be written ends the film; the others are completed.
/// </summary>
internal sealed class FilmResults : IResultPublisher, IDisposable
{
    private readonly FilmJob _job;
    private readonly FilmFacts _facts;
    private readonly VideoFileSource _source;
    private readonly TimeProvider _time;
    private readonly FilmCsv? _csv;
    private readonly FilmJsonl? _jsonl;
    private readonly FramePicture _picture = new();
    private AnnotatedFilm? _annotated;

    /// <summary>Begins the files.</summary>
    /// <param name="job">The film and the files.</param>
    /// <param name="facts">What its container says.</param>
    /// <param name="source">The open film.</param>
    /// <param name="landmarks">Points of a face.</param>
    /// <param name="node">Name of the node, for the messages.</param>
    /// <param name="time">The clock of <see cref="FrameWork.Timestamp"/>.</param>
    /// <exception cref="LineFileException">One cannot be written.</exception>
    public FilmResults(FilmJob job, FilmFacts facts, VideoFileSource source, int landmarks, string node, TimeProvider time)
    {
        (_job, _facts, _source, _time) = (job, facts, source, time);
        try
        {
            _csv = job.Outputs.Csv is { } csv ? new FilmCsv(csv, landmarks) : null;
            _jsonl = job.Outputs.Jsonl is { } jsonl ? new FilmJsonl(jsonl, job.Path, node, time) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Called after each frame.</summary>
    public Action<FilmAdvance> Advanced { get; init; } = _ => { };

    /// <summary>Called once a file cannot be written.</summary>
    public Action Failed { get; init; } = () => { };

    /// <summary>Frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Faces on them.</summary>
    public long Faces { get; private set; }

    /// <summary>Frames with a face.</summary>
    public long FramesWithFaces { get; private set; }

    /// <summary>Where in the film the last frame stands.</summary>
    public TimeSpan At { get; private set; }

    /// <summary>Why a file cannot be written; null while all can.</summary>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Fault is not null)
            return;
        try
        {
            var at = _time.GetElapsedTime(0, work.Timestamp);
            Annotate(work, at);
            _csv?.Write(work, at);
            _jsonl?.Write(work);
            if (work.Twin is { Fault: null } twin)
                _jsonl?.Write(twin);
            var present = work.PresentCount;
            (Frames, Faces, At) = (Frames + 1, Faces + present, at);
            FramesWithFaces += present > 0 ? 1 : 0;
            Advanced(new FilmAdvance(Frames, At, _facts.Duration));
        }
        catch (ExplainedException reason)
        {
            Fault = reason.Message;
            Failed();
        }
    }

    /// <summary>Completes the files.</summary>
    /// <param name="isWhole">Whether the film came to its end.</param>
    public void End(bool isWhole)
    {
        Complete(() => _annotated?.End(isWhole && Fault is null));
        Complete(() => _csv?.Flush());
        Complete(() => _jsonl?.Flush());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _annotated?.Dispose();
        _csv?.Dispose();
        _jsonl?.Dispose();
        _picture.Dispose();
    }

    private void Annotate(FrameWork work, TimeSpan at)
    {
        if (_job.Outputs.Annotated is not { } path)
            return;
        _annotated ??= new AnnotatedFilm(
            path,
            _job.Path,
            _facts,
            (work.Size.Width, work.Size.Height, at),
            _source.Info.Fps,
            _source.KeepFrames
        );
        _picture.Take(work.Frame!);
        _picture.Draw(work.Faces.AsSpan(0, work.FaceCount), withPose: true);
        _annotated.Add(at, _picture.Pixels);
    }

    private void Complete(Action end)
    {
        try
        {
            end();
        }
        catch (ExplainedException reason)
        {
            Fault ??= reason.Message;
        }
    }
}
