using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>
/// Gates and admission as they are, with live cameras, a step before the engine, the engine and a step after it that take fixed times by
/// a clock that goes in steps of a quarter of a millisecond. All times are milliseconds.
/// </summary>
internal sealed class AdmissionSimulation : IDisposable
{
    private const double Step = 0.25;
    private readonly double _service;
    private readonly double _every;
    private readonly double _before;
    private readonly double _after;
    private readonly FakeTimeProvider _time = new();
    private readonly NodeMetrics _metrics = TestMetrics.Create();
    private readonly FramePool _pool = new();
    private readonly FrameWorkPool _works = new(1, 98);
    private readonly BufferBlock<FrameWork> _admitted = new();
    private readonly Queue<FrameWork> _ready = new();
    private readonly Queue<(double At, FrameWork Work)> _leaving = new();
    private readonly Admission _admission;
    private readonly List<FlowLimiter> _gates = [];
    private readonly double[] _nextFrame;
    private (double At, FrameWork Work)? _located;
    private (double At, FrameWork Work)? _inferred;
    private long _locatedCount;
    private double _now;

    public AdmissionSimulation(double service, double every, double before, double after, int cameras = 1)
    {
        (_service, _every, _before, _after) = (service, every, before, after);
        _admission = new Admission(places: 2, isPaced: true, _time);
        for (var i = 0; i < cameras; i++)
        {
            var camera = new CameraLane(i, $"cam{i}", "session", new FixedLocator());
            _gates.Add(new FlowLimiter(camera, 3, _admission, _admitted, new FrameBudget(), _works.Rent, _metrics));
        }

        _nextFrame = [.. Enumerable.Range(0, cameras).Select(i => Math.Round(i * every / cameras / Step) * Step)];
        ByCamera = new int[cameras];
    }

    /// <summary>What the step before the engine takes every so many frames.</summary>
    public double SlowBefore { get; init; }

    /// <summary>Every how many frames; 0: never.</summary>
    public int SlowEvery { get; init; }

    /// <summary>From capture to the end of the step after the engine, of each frame.</summary>
    public List<double> Ages { get; } = [];

    public double MedianAge => Ages.Order().ElementAt(Ages.Count / 2);

    /// <summary>Share of the time in which the engine is at work.</summary>
    public double Busy { get; private set; }

    public int[] ByCamera { get; }

    public long Dropped => _metrics.Snapshot().Drops.Values.Sum(reasons => reasons.Values.Sum());

    public void Dispose() => _pool.Dispose();

    public void Run(int frames)
    {
        var busy = 0.0;
        var began = double.NaN;
        while (Ages.Count < frames)
        {
            Capture();
            Leave();
            Infer();
            Locate();
            Infer();
            if (_inferred is not null && double.IsNaN(began))
                began = _now;
            busy += _inferred is null ? 0 : Step;
            _now += Step;
            _time.Advance(TimeSpan.FromMilliseconds(Step));
        }

        Busy = busy / (_now - began);
    }

    private void Capture()
    {
        for (var i = 0; i < _gates.Count; i++)
        {
            if (_now < _nextFrame[i])
                continue;
            _nextFrame[i] += _every;
            var frame = _pool.Rent(16, 16, PixelLayout.Yuy2);
            frame.Timestamp = _time.GetTimestamp();
            _gates[i].Offer(frame, isLive: true, CancellationToken.None);
        }
    }

    private void Locate()
    {
        if (_located is { } done && _now >= done.At)
        {
            done.Work.PreparedAt = _time.GetTimestamp();
            _ready.Enqueue(done.Work);
            _located = null;
        }

        if (_located is not null || !_admitted.TryReceive(out var work))
            return;
        var isSlow = SlowEvery > 0 && ++_locatedCount % SlowEvery == 0;
        _located = (_now + (isSlow ? SlowBefore : _before), work);
    }

    private void Infer()
    {
        if (_inferred is { } done && _now >= done.At)
        {
            done.Work.InferredAt = _time.GetTimestamp();
            done.Work.Times.Inference = _service;
            _leaving.Enqueue((_now + _after, done.Work));
            _inferred = null;
            _admission.Leave(done.Work);
        }

        if (_inferred is null && _ready.TryDequeue(out var work))
            _inferred = (_now + _service, work);
    }

    private void Leave()
    {
        while (_leaving.TryPeek(out var next) && _now >= next.At)
        {
            _leaving.Dequeue();
            Ages.Add(_time.GetElapsedTime(next.Work.Timestamp).TotalMilliseconds);
            ByCamera[next.Work.Camera.Index]++;
            var gate = _gates[next.Work.Camera.Index];
            _works.Return(next.Work);
            gate.Leave();
        }
    }
}
