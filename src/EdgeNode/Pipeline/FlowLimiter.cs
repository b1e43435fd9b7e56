using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Pipeline;

/// <summary>
/// Step 1, the gate of one camera: lets so many frames into the pipeline at once, by credits that come back when a frame leaves. Of live
/// frames the newest waits in a single slot and replaces the one before; frames of files wait in line. Behind it nothing is lost.
/// </summary>
/// <remarks>
/// No stock block does this: those with a bound refuse the newest item, and BroadcastBlock replaces items without an owner giving them
/// back.
/// </remarks>
internal sealed class FlowLimiter : IFrameSink
{
    private readonly CameraLane _camera;
    private readonly Func<Frame, CameraLane, FrameWork> _admit;
    private readonly FrameBudget _budget;
    private readonly NodeMetrics _metrics;
    private readonly object _lock = new();
    private readonly BufferBlock<FrameWork> _output;
    private Frame? _waiting;
    private int _inFlight;
    private int _credits;
    private bool _completed;

    /// <summary>A gate for <paramref name="inFlight"/> frames at once.</summary>
    /// <param name="camera">Whose gate.</param>
    /// <param name="inFlight">Frames under way at most, at least 1; see <see cref="SetInFlight"/>.</param>
    /// <param name="most">The most that it may ever be set to.</param>
    /// <param name="budget">How many frames may pass in all.</param>
    /// <param name="admit">Makes the work of a frame; takes the frame over.</param>
    /// <param name="metrics">Counts drops.</param>
    public FlowLimiter(
        CameraLane camera,
        int inFlight,
        int most,
        FrameBudget budget,
        Func<Frame, CameraLane, FrameWork> admit,
        NodeMetrics metrics
    )
    {
        (_camera, _inFlight, _credits, _budget, _admit, _metrics) = (camera, inFlight, inFlight, budget, admit, metrics);
        _output = new BufferBlock<FrameWork>(new DataflowBlockOptions { BoundedCapacity = most });
        metrics.WatchQueue($"gate:{camera.Name}", () => _output.Count + (Volatile.Read(ref _waiting) is null ? 0 : 1));
    }

    /// <summary>The frames that were let in, in order.</summary>
    public ISourceBlock<FrameWork> Output => _output;

    /// <inheritdoc/>
    public void Offer(Frame frame, bool isLive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _metrics.FrameCaptured();
        CountMissing(DropReason.DriverLost, frame.LostBefore);
        CountMissing(DropReason.Damaged, frame.DamagedBefore);
        using var wake = cancellationToken.Register(Wake);
        lock (_lock)
        {
            while (!isLive && _credits <= 0 && !_completed && !cancellationToken.IsCancellationRequested)
                Monitor.Wait(_lock);
            if (cancellationToken.IsCancellationRequested && !isLive)
            {
                Drop(frame, DropReason.Stopping);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (_completed)
            {
                Drop(frame, DropReason.Stopping);
            }
            else if (_credits > 0)
            {
                Admit(frame);
            }
            else
            {
                if (_waiting is not null)
                    Drop(_waiting, DropReason.NewerFrame);
                _waiting = frame;
            }
        }
    }

    /// <summary>A frame has left the pipeline: the next may enter.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _credits++;
            AdmitWaiting();
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Changes how many frames may be under way; those beyond a smaller number finish first.</summary>
    public void SetInFlight(int inFlight)
    {
        lock (_lock)
        {
            _credits += inFlight - _inFlight;
            _inFlight = inFlight;
            AdmitWaiting();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Lets nothing more in; what waits is dropped.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_completed)
                return;
            _completed = true;
            if (_waiting is not null)
                Drop(_waiting, DropReason.Stopping);
            _waiting = null;
            _output.Complete();
            Monitor.PulseAll(_lock);
        }
    }

    private void AdmitWaiting()
    {
        if (_credits <= 0 || _waiting is not { } next)
            return;
        _waiting = null;
        Admit(next);
    }

    private void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    private void Admit(Frame frame)
    {
        if (!_budget.TryTake())
        {
            frame.Dispose(); // beyond the number that was asked for: neither wanted nor lost
            return;
        }

        _credits--;
        if (!_output.Post(_admit(frame, _camera)))
            throw new InvalidOperationException("The gate has fewer places than credits.");
    }

    private void CountMissing(DropReason reason, int frames)
    {
        if (frames == 0)
            return;
        _camera.CountDropped(frames);
        _metrics.Dropped(DropPlace.Camera, reason, frames);
    }

    private void Drop(Frame frame, DropReason reason)
    {
        frame.Dispose();
        _camera.CountDropped();
        _metrics.Dropped(DropPlace.Gate, reason);
    }
}
