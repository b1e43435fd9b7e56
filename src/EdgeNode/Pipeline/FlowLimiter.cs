using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Pipeline;

/// <summary>
/// Step 1, the gate of one camera: lets a few frames into the pipeline at once, by credits that come back when a frame leaves, and each
/// when the <see cref="Admission"/> that the gates share has a place for it. Of live frames the newest waits in a single slot and replaces
/// the one before; frames of files wait in line. Behind it nothing is lost.
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
    private readonly Admission _admission;
    private readonly ITargetBlock<FrameWork> _next;
    private Frame? _waiting;
    private bool _waitsForNewer;
    private int _inFlight;
    private int _credits;
    private bool _completed;

    /// <summary>A gate for <paramref name="inFlight"/> frames at once.</summary>
    /// <param name="camera">Whose gate.</param>
    /// <param name="inFlight">Frames under way at most, at least 1; see <see cref="SetInFlight"/>.</param>
    /// <param name="admission">What the gates of all cameras share; the gate adds itself.</param>
    /// <param name="next">Where the frames that are let in go, in order: must have room for as many as are ever under way.</param>
    /// <param name="budget">How many frames may pass in all.</param>
    /// <param name="admit">Makes the work item of a frame; takes the frame over.</param>
    /// <param name="metrics">Counts drops.</param>
    public FlowLimiter(
        CameraLane camera,
        int inFlight,
        Admission admission,
        ITargetBlock<FrameWork> next,
        FrameBudget budget,
        Func<Frame, CameraLane, FrameWork> admit,
        NodeMetrics metrics
    )
    {
        ArgumentNullException.ThrowIfNull(admission);
        (_camera, _inFlight, _credits, _admission, _next) = (camera, inFlight, inFlight, admission, next);
        (_budget, _admit, _metrics) = (budget, admit, metrics);
        metrics.WatchQueue($"gate:{camera.Name}", () => Volatile.Read(ref _waiting) is null ? 0 : 1);
        admission.Add(this);
    }

    /// <summary>Frames that were let in and have not left.</summary>
    public int UnderWay
    {
        get
        {
            lock (_admission.Lock)
                return _inFlight - _credits;
        }
    }

    /// <summary>Whether a frame waits that has a credit. Under the admission's lock.</summary>
    internal bool IsReady => _waiting is not null && _credits > 0;

    /// <summary>Whether the frame that waits may be replaced by a newer one. Under the admission's lock.</summary>
    internal bool WaitsForNewer => _waitsForNewer;

    /// <inheritdoc/>
    public void Offer(Frame frame, bool isLive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _metrics.FrameCaptured();
        CountMissing(DropReason.DriverLost, frame.LostBefore);
        CountMissing(DropReason.Damaged, frame.DamagedBefore);
        lock (_admission.Lock)
        {
            if (!isLive && cancellationToken.IsCancellationRequested)
            {
                Drop(frame, DropReason.Stopping);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (_completed)
            {
                Drop(frame, DropReason.Stopping);
            }
            else
            {
                if (_waiting is not null)
                    Drop(_waiting, DropReason.NewerFrame);
                (_waiting, _waitsForNewer) = (frame, isLive);
                _admission.Admit();
            }
        }

        if (!isLive)
            WaitUntilLetIn(frame, cancellationToken);
    }

    /// <summary>A frame has left the pipeline: the next may enter.</summary>
    public void Leave()
    {
        lock (_admission.Lock)
        {
            _credits++;
            _admission.Admit();
        }
    }

    /// <summary>Changes how many frames may be under way; those beyond a smaller number finish first.</summary>
    public void SetInFlight(int inFlight)
    {
        lock (_admission.Lock)
        {
            _credits += inFlight - _inFlight;
            _inFlight = inFlight;
            _admission.Admit();
        }
    }

    /// <summary>Lets nothing more in; what waits is dropped.</summary>
    public void Complete()
    {
        lock (_admission.Lock)
        {
            if (_completed)
                return;
            _completed = true;
            if (_waiting is not null)
                Drop(_waiting, DropReason.Stopping);
            _waiting = null;
            _next.Complete();
            Monitor.PulseAll(_admission.Lock);
        }
    }

    /// <summary>Lets the frame that waits in. Under the admission's lock, when the gate <see cref="IsReady"/>.</summary>
    /// <param name="at">When it was to enter.</param>
    /// <returns>False when it was one more than is wanted in all.</returns>
    internal bool LetIn(long at)
    {
        var frame = _waiting!;
        _waiting = null;
        Monitor.PulseAll(_admission.Lock); // wakes the file source that brought it
        if (!_budget.TryTake())
        {
            frame.Dispose(); // beyond the requested number: neither wanted nor lost
            return false;
        }

        _credits--;
        var work = _admit(frame, _camera);
        work.AdmittedAt = at;
        if (!_waitsForNewer)
            work.BeganAt = at; // a file is read ahead: that its frame waits here says nothing about what it takes
        if (!_next.Post(work))
            throw new InvalidOperationException("The gate has fewer places than credits.");
        return true;
    }

    private void WaitUntilLetIn(Frame frame, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _waiting) != frame)
            return;

        // Outside the lock, for giving it back waits for a call of it that is under way.
        using var wake = cancellationToken.UnsafeRegister(static admission => Wake((Admission)admission!), _admission);
        lock (_admission.Lock)
        {
            while (_waiting == frame && !cancellationToken.IsCancellationRequested)
                Monitor.Wait(_admission.Lock);
            if (_waiting != frame)
                return;
            _waiting = null;
            Drop(frame, DropReason.Stopping);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static void Wake(Admission admission)
    {
        lock (admission.Lock)
            Monitor.PulseAll(admission.Lock);
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
