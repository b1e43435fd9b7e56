using System.Collections.Concurrent;
using FaceLandmark.Capture;

namespace FaceLandmark.Pipeline;

/// <summary>Works for frames under way, reused. It holds as many as the gates let in at once. Thread-safe.</summary>
internal sealed class FrameWorkPool(int maxFaces, int landmarks)
{
    private readonly ConcurrentBag<FrameWork> _free = [];

    /// <summary>A work for a frame, which it takes over.</summary>
    public FrameWork Rent(Frame frame, CameraLane camera)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(camera);
        var work = Take(frame, camera);
        work.Ticket = camera.NextTicket();
        work.Sequence = frame.Sequence;
        work.CapturedAt = frame.CapturedAt;
        work.Timestamp = frame.Timestamp;
        work.BeganAt = frame.Timestamp;
        work.Size = (frame.Width, frame.Height);
        work.File = frame.File;
        return work;
    }

    /// <summary>
    /// Another work for the same located frame and ticket, for another engine; the two share the picture. The caller owns
    /// <paramref name="work"/> or keeps its owner from giving it back.
    /// </summary>
    public FrameWork Copy(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        work.Frame!.Share();
        var copy = Take(work.Frame, work.Camera);
        (copy.Ticket, copy.Sequence, copy.CapturedAt, copy.Timestamp, copy.BeganAt, copy.Size, copy.File) = (
            work.Ticket,
            work.Sequence,
            work.CapturedAt,
            work.Timestamp,
            work.BeganAt,
            work.Size,
            work.File
        );
        copy.FaceCount = work.FaceCount;
        for (var i = 0; i < work.FaceCount; i++)
            copy.Faces[i].Candidate = work.Faces[i].Candidate;
        copy.Times.Locate = work.Times.Locate;
        return copy;
    }

    /// <summary>Gives the work item back, with its twin, and their hold on the picture.</summary>
    public void Return(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Twin is { } twin)
            Return(twin);
        work.Twin = null;
        work.Frame?.Dispose();
        work.Frame = null;
        _free.Add(work);
    }

    private FrameWork Take(Frame frame, CameraLane camera)
    {
        if (!_free.TryTake(out var work))
            work = new FrameWork(maxFaces, landmarks);
        (work.Frame, work.Camera) = (frame, camera);
        (work.FaceCount, work.Fault, work.HasNoNumbers, work.Filtered, work.DroppedBefore) = (0, null, false, false, 0);
        work.AdmittedAt = null;
        return work;
    }
}
