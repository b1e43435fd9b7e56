using System.Collections.Concurrent;
using FaceLandmark.Capture;

namespace FaceLandmark.Pipeline;

/// <summary>Works for frames under way, reused. It holds as many as the gates let in at once. Thread-safe.</summary>
public sealed class FrameWorkPool(int maxFaces, int landmarks)
{
    private readonly ConcurrentBag<FrameWork> _free = [];

    /// <summary>A work for a frame, which it takes over.</summary>
    public FrameWork Rent(Frame frame, CameraLane camera)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(camera);
        if (!_free.TryTake(out var work))
            work = new FrameWork(maxFaces, landmarks);
        work.Frame = frame;
        work.Camera = camera;
        work.Ticket = camera.NextTicket();
        work.Sequence = frame.Sequence;
        work.CapturedAt = frame.CapturedAt;
        work.Timestamp = frame.Timestamp;
        work.Size = (frame.Width, frame.Height);
        work.File = frame.File;
        work.FaceCount = 0;
        work.Fault = null;
        work.Filtered = false;
        work.DroppedBefore = 0;
        return work;
    }

    /// <summary>Gives the frame and the work back.</summary>
    public void Return(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        work.Frame?.Dispose();
        work.Frame = null;
        _free.Add(work);
    }
}
