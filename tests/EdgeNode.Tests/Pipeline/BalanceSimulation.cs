using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>
/// Gate, admission, dispatcher and order as they are, with a live camera of one face and engines that take fixed times, by a clock that
/// goes in steps of a quarter of a millisecond. All times are milliseconds.
/// </summary>
internal sealed class BalanceSimulation : IDisposable
{
    private const double Step = 0.25;
    private const double WatchEvery = 50;
    private readonly double _every;
    private readonly FakeTimeProvider _time = new();
    private readonly NodeMetrics _metrics = TestMetrics.Create();
    private readonly FramePool _pool = new();
    private readonly FrameWorkPool _works = new(1, 98);
    private readonly BufferBlock<FrameWork> _admitted = new();
    private readonly Dispatcher _dispatcher;
    private readonly Admission _admission;
    private readonly FlowLimiter _gate;
    private readonly ReorderBuffer<FrameWork> _order;
    private readonly List<Engine> _engines;
    private readonly List<FrameWork> _settled = [];
    private readonly List<FrameWork> _ordered = [];
    private double _nextFrame;
    private double _now;

    public BalanceSimulation(double every, params double[] services)
    {
        _every = every;
        DispatchMode[] alone = [DispatchMode.Cpu, DispatchMode.Drpai, DispatchMode.Remote];
        _engines = [.. services.Select((service, i) => new Engine(alone[i], service, _time))];
        var options = new DispatchOptions { Mode = DispatchMode.Balance };
        _dispatcher = new Dispatcher([.. _engines.Select(engine => engine.Station)], options, _works, _time, NullLogger.Instance);
        var limits = _dispatcher.Limits;
        _admission = new Admission(limits.Places, limits.IsPaced, _time);
        var camera = new CameraLane(0, "cam0", "session", new FixedLocator());
        _gate = new FlowLimiter(camera, limits.InFlight, _admission, _admitted, new FrameBudget(), _works.Rent, _metrics);
        _order = new ReorderBuffer<FrameWork>(options.OrderWindow, _time);
    }

    /// <summary>Of each frame since the last run: from capture until its result left, and by which engine.</summary>
    public List<(double Age, DispatchMode By)> Results { get; } = [];

    /// <summary>Results a second of the last run.</summary>
    public double Rate { get; private set; }

    /// <summary>What the node tells of its engines.</summary>
    public DispatchStatus Status => _dispatcher.Status;

    /// <summary>Changes what an engine takes.</summary>
    public void Take(int engine, double service) => _engines[engine].Service = service;

    public void Run(double milliseconds)
    {
        Results.Clear();
        for (var end = _now + milliseconds; _now < end; _now += Step)
        {
            if (_now >= _nextFrame)
            {
                _nextFrame += _every;
                var frame = _pool.Rent(16, 16, PixelLayout.Yuy2);
                frame.Timestamp = _time.GetTimestamp();
                _gate.Offer(frame, isLive: true, CancellationToken.None);
            }

            foreach (var engine in _engines)
            {
                if (engine.TakeDone(_now) is { } work)
                    Join(work);
            }

            if (_now % WatchEvery == 0)
                Join(null);

            while (_admitted.TryReceive(out var work))
            {
                work.FaceCount = 1;
                _dispatcher.Assign(work);
            }

            foreach (var engine in _engines)
                engine.Begin(_now);
            _time.Advance(TimeSpan.FromMilliseconds(Step));
        }

        Rate = Results.Count / milliseconds * 1000;
    }

    public void Dispose()
    {
        foreach (var engine in _engines)
            engine.Station.Lane.Dispose();
        _pool.Dispose();
    }

    private void Join(FrameWork? work)
    {
        _settled.Clear();
        _ordered.Clear();
        if (work is not null)
            _dispatcher.Settle(work, _settled);
        else
            _dispatcher.Watch(_settled);
        foreach (var result in _settled)
        {
            _admission.Leave(result);
            _order.Add(result.Ticket, result, _ordered);
        }

        if (work is null)
            _order.Expire(_ordered);
        foreach (var result in _ordered)
        {
            Results.Add((_time.GetElapsedTime(result.Timestamp).TotalMilliseconds, result.Assignment.Station.Alone));
            InferenceLane.Return(result);
            _works.Return(result);
            _gate.Leave();
        }
    }

    private sealed class Engine
    {
        private readonly BufferBlock<FrameWork> _entrance = new();
        private (double At, FrameWork Work)? _inferred;

        public Engine(DispatchMode alone, double service, TimeProvider time)
        {
            Service = service;
            var lane = new InferenceLane(new NoPreprocessor(), new StubEngine(alone.ToString(), 0.5f), time);
            Station = new EngineStation(alone, lane, new EngineHealth(time)) { Entrance = _entrance };
        }

        public double Service { get; set; }

        public EngineStation Station { get; }

        public FrameWork? TakeDone(double now)
        {
            if (_inferred is not { } done || now < done.At)
                return null;
            _inferred = null;
            return done.Work;
        }

        public void Begin(double now)
        {
            if (_inferred is not null || !_entrance.TryReceive(out var work))
                return;
            Station.Lane.Prepare(work);
            work.Times.Inference = Service;
            _inferred = (now + Service, work);
        }
    }
}
