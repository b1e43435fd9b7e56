using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Pipeline;

/// <summary>
/// The steps of the pipeline on one picture after the other, without blocks: for the verbs <c>image</c> and <c>model evaluate</c>. One
/// thread.
/// </summary>
internal sealed class StillAnalyzer(IFaceLocator locator, InferenceLane lane, PostprocessOptions options, int maxFaces, TimeProvider time)
{
    private readonly CameraLane _camera = new(0, "image", Guid.NewGuid().ToString("N"), locator);
    private readonly FaceCandidate[] _candidates = new FaceCandidate[maxFaces];
    private readonly FrameWorkPool _works = new(maxFaces, lane.Info.Model.Landmarks);
    private readonly PostprocessStep _postprocess = new(options, time);
    private long _sequence;

    /// <summary>Analyses a picture, which it takes over; <paramref name="use"/> sees the result, which is gone afterwards.</summary>
    /// <exception cref="EngineException">The detector or the network refused.</exception>
    public void Analyze(Frame frame, Action<FrameWork> use)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(use);
        frame.Sequence = ++_sequence;
        frame.IsStill = true;
        frame.CapturedAt = time.GetUtcNow();
        frame.Timestamp = time.GetTimestamp();
        var work = _works.Rent(frame, _camera);
        try
        {
            work.FaceCount = locator.Locate(frame, _candidates);
            for (var i = 0; i < work.FaceCount; i++)
                work.Faces[i].Candidate = _candidates[i];
            work.Times.Locate = time.GetElapsedTime(frame.Timestamp).TotalMilliseconds;
            lane.Prepare(work);
            lane.Infer(work);
            _postprocess.Finish(work);
            work.Times.Queue = 0;
            work.Times.Total = time.GetElapsedTime(frame.Timestamp).TotalMilliseconds;
            if (work.Fault is not null)
                throw new EngineException($"{frame.File}: {work.Fault}");
            use(work);
        }
        finally
        {
            InferenceLane.Return(work);
            _works.Return(work);
        }
    }
}
