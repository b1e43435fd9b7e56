using FaceLandmark.Platform;

namespace FaceLandmark.Pipeline;

/// <summary>
/// Says when the gates let frames in: so many frames are between the gates and the end of their inference at once, whatever the number of
/// cameras, each camera in its turn. While an engine is at work the next frame of a live source enters no sooner than it must to be ready
/// in time: until then a newer one may replace it, so that frames of a source faster than the engine are as fresh as can be. Thread-safe.
/// </summary>
internal sealed class Admission
{
    private readonly TimeProvider _time;
    private readonly List<FlowLimiter> _gates = [];
    private readonly Pace _pace = new();
    private readonly ITimer _timer;
    private int _places;
    private bool _isPaced;
    private int _underWay;
    private int _turn;
    private long _due;

    /// <summary>Admission to so many places.</summary>
    /// <param name="places">As <see cref="SetPlaces"/> has it.</param>
    /// <param name="isPaced">As <see cref="SetPlaces"/> has it.</param>
    /// <param name="time">The clock.</param>
    public Admission(int places, bool isPaced, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_places, _isPaced, _time) = (places, isPaced, time);
        _timer = FineTimers
            .Of(time)
            .CreateTimer(static self => ((Admission)self!).BecomeDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Held by the gates for all that they do.</summary>
    public object Lock { get; } = new();

    /// <summary>Frames between the gates and the end of their inference.</summary>
    public int UnderWay
    {
        get
        {
            lock (Lock)
                return _underWay;
        }
    }

    /// <summary>A gate that wants frames let in; under <see cref="Lock"/> or before frames flow.</summary>
    public void Add(FlowLimiter gate) => _gates.Add(gate);

    /// <summary>Changes how many frames may be on their way to the end of their inference, at least 1.</summary>
    /// <param name="places">How many.</param>
    /// <param name="isPaced">Whether a frame waits at its gate until it must enter: for one engine, whose end of work can be
    /// foreseen.</param>
    public void SetPlaces(int places, bool isPaced)
    {
        lock (Lock)
        {
            (_places, _isPaced) = (places, isPaced);
            _pace.Forget();
            Admit();
        }
    }

    /// <summary>Lets in what there is room for and whose time has come. The caller holds <see cref="Lock"/>.</summary>
    public void Admit() => Admit(_time.GetTimestamp());

    /// <summary>A frame has its inference behind it.</summary>
    public void Leave(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (Lock)
        {
            _underWay--;
            if (_isPaced && work.AdmittedAt is { } admitted)
            {
                var service = TimeSpan.FromMilliseconds(work.Times.Inference);
                _pace.Learn(_time.GetElapsedTime(admitted, work.PreparedAt), service);
                _due = work.InferredAt + (long)(_pace.Delay.TotalSeconds * _time.TimestampFrequency);
            }

            Admit();
        }
    }

    /// <summary>No more frames will come.</summary>
    public void Close() => _timer.Dispose();

    private void BecomeDue()
    {
        lock (Lock)
        {
            _due = Math.Min(_due, _time.GetTimestamp()); // a timer that counts whole milliseconds is early
            Admit(_due); // a late one is a part of a frame's way to the engine
        }
    }

    private void Admit(long now)
    {
        while (_underWay < _places && NextGate() is { } gate)
        {
            var wait = _isPaced && _underWay > 0 && gate.WaitsForNewer ? _time.GetElapsedTime(now, _due) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            _turn = (_gates.IndexOf(gate) + 1) % _gates.Count;
            if (gate.LetIn(now))
                _underWay++;
        }
    }

    private FlowLimiter? NextGate()
    {
        for (var i = 0; i < _gates.Count; i++)
        {
            var gate = _gates[(_turn + i) % _gates.Count];
            if (gate.IsReady)
                return gate;
        }

        return null;
    }
}
