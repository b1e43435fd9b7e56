using System.Threading.Tasks.Dataflow;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Pipeline;

/// <summary>
/// Step 3 and the first half of step 6: sends each frame's work item to the engines of the mode, and takes the items back from them. No
/// frame is lost on the way: a work item comes out as a result, or its copy does. Thread-safe.
/// </summary>
/// <remarks>
/// A work item in an engine belongs to that engine's blocks until it comes back, however long that takes. Where nobody can wait for it,
/// it is abandoned: a copy that shares its picture continues in its place, and the item itself goes to the pool when it comes back.
/// </remarks>
internal sealed partial class Dispatcher : IDispatchControl
{
    /// <summary>
    /// With balance a result of a slow engine holds back those of later frames, which the others have meanwhile: at most so many. An engine
    /// that takes longer than that gets no frames where results leave in order. It would add less than a fifth to their number, and each
    /// of its own would hold back all others for as long as it takes.
    /// </summary>
    private const int HeldBack = 4;

    /// <summary>How much faster than that one must be to get frames again, so that it does not come and go.</summary>
    private const double TakenBack = 0.8;

    /// <summary>How many of an engine's last inferences say how long one takes.</summary>
    private const int Remembered = 8;

    /// <summary>How often an engine that is too slow gets a copy of a frame, to see whether it still is.</summary>
    private static readonly TimeSpan s_triesAgainEvery = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly IReadOnlyList<EngineStation> _stations; // the CPU's first
    private readonly IReadOnlyList<EngineStation> _preferred; // those of Dispatch:Prefer that are there, in its order
    private readonly DispatchOptions _options;
    private readonly FrameWorkPool _works;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FaultFold _oneSided;
    private readonly Queue<FrameWork> _waiting = new(); // works that wait for room; no more than the gates let in
    private readonly List<FrameWork> _pairs = []; // settled works that wait for their partner
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DispatchMode _mode;
    private IReadOnlyList<EngineStation> _route; // the engines that the mode uses
    private int _underWay;
    private bool _closing;

    internal Dispatcher(
        IReadOnlyList<EngineStation> stations,
        DispatchOptions options,
        FrameWorkPool works,
        TimeProvider time,
        ILogger logger
    )
    {
        (_stations, _options, _works, _time, _logger) = (stations, options, works, time, logger);
        _preferred =
        [
            .. (options.Preferred() ?? []).Select(engine => stations.FirstOrDefault(one => one.Alone == engine)).OfType<EngineStation>(),
        ];
        _oneSided = new FaultFold(time);
        if (Refusal(options.Mode) is { } refusal)
            throw new EngineException(refusal);
        _mode = options.Mode;
        _route = RouteOf(_mode);
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public DispatchMode Mode
    {
        get
        {
            lock (_lock)
                return _mode;
        }
        set
        {
            if (Refusal(value) is { } refusal)
                throw new EngineException(refusal);
            lock (_lock)
            {
                if (_mode == value)
                    return;
                _logger.ModeSwitched(_mode, value);
                _mode = value;
                _route = RouteOf(value);
                foreach (var station in _stations)
                {
                    station.Health.Recover(); // a new attempt is a new chance
                    station.IsLeftOut = false;
                }

                Pump();
            }

            Changed?.Invoke();
        }
    }

    /// <inheritdoc/>
    public DispatchStatus Status
    {
        get
        {
            lock (_lock)
            {
                if (_mode != DispatchMode.Failover)
                {
                    var used = _route.Where(station => !station.IsLeftOut).Select(station => station.Name);
                    return new DispatchStatus(_mode, [.. used], null);
                }

                var first = FirstWell(_route);
                var failed = _route.TakeWhile(station => station != first).ToList();
                var why = failed.Count switch
                {
                    0 => null,
                    1 => failed[0].Health.Fault,
                    _ => string.Join("; ", failed.Select(station => $"{station.Name}: {station.Health.Fault}")),
                };
                return new DispatchStatus(_mode, [first.Name], why);
            }
        }
    }

    /// <summary>Why a mode cannot be used, in a sentence; null when it can.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="options">Which engines it may use.</param>
    /// <param name="engines">Which engines there are, by the mode that uses each alone.</param>
    public static string? Refusal(DispatchMode mode, DispatchOptions options, IReadOnlyCollection<DispatchMode> engines)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (engines.Contains(mode))
            return null;
        var what = $"Dispatch:Mode is '{mode.Word()}', which needs ";
        if (mode == DispatchMode.Remote)
            return what + "an inference server, but Engines:Remote:Url is empty: set it to the server's address, or use the mode cpu.";
        if (mode == DispatchMode.Drpai)
            return what + "the DRP-AI, but this node has none: use the mode cpu, " + DrpAiAdvice + ".";
        return (options.Preferred() ?? []).Count(engines.Contains) > 1
            ? null
            : what
                + $"two engines of Dispatch:Prefer ({options.Prefer}), but this node has only {engines.First().Word()}: use the mode cpu, "
                + $"{DrpAiAdvice}, or Engines:Remote:Url to the address of an inference server.";
    }

    /// <summary>
    /// How many frames may be on their way: of one camera from its gate until they are published, and of all cameras until their inference
    /// is over. Changes with the mode.
    /// </summary>
    public FlowLimits Limits
    {
        get
        {
            lock (_lock)
            {
                var balanced = _mode == DispatchMode.Balance;
                var inFlight = balanced ? (_stations.Count * _options.InFlight) + HeldBack : _options.InFlight;
                var besides =
                    _mode == DispatchMode.Failover
                        ? FirstWell(_route).Lane.AtOnce - 1
                        : _route.Sum(station => station.Lane.AtOnce - 1);
                // One frame is inferred while the next becomes ready; the last of those under way is being published. An engine that infers
                // several at once has as many places more.
                var places = Math.Max(2, _options.InFlight - 1) * (balanced ? _stations.Count : 1);
                return new FlowLimits(
                    inFlight,
                    Math.Min(inFlight, places) + besides,
                    _mode is not DispatchMode.Balance and not DispatchMode.Compare && besides == 0
                );
            }
        }
    }

    /// <summary>Frames of one camera that may be under way at once, in whatever mode.</summary>
    public int MostInFlight => (Math.Max(2, _stations.Count) * _options.InFlight) + HeldBack;

    /// <summary>Works that wait for an engine to have room.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Takes a work item over and sends it on as soon as its engines have room. The items leave in the order in which they arrive.
    /// </summary>
    public void Assign(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_lock)
        {
            _waiting.Enqueue(work);
            Pump();
        }
    }

    /// <summary>Nothing more will be assigned.</summary>
    /// <returns>Completes when all results have come out; abandoned items are not waited for.</returns>
    public Task Close()
    {
        lock (_lock)
        {
            _closing = true;
            Pump();
        }

        return _drained.Task;
    }

    private const string DrpAiAdvice =
        "or set Engines:DrpAi:Device to emulated to have a DRP-AI imitated, or to hardware on a board that has one";

    private string? Refusal(DispatchMode mode) => Refusal(mode, _options, [.. _stations.Select(station => station.Alone)]);

    // In the order of preference for failover, otherwise in that of the stations.
    private IReadOnlyList<EngineStation> RouteOf(DispatchMode mode) =>
        _stations.FirstOrDefault(station => station.Alone == mode) is { } alone ? [alone]
        : mode == DispatchMode.Failover ? _preferred
        : [.. _stations.Intersect(mode == DispatchMode.Compare ? _preferred.Take(2) : _preferred)];

    private static EngineStation FirstWell(IReadOnlyList<EngineStation> route)
    {
        foreach (var station in route)
        {
            if (station.Health.Fault is null)
                return station;
        }

        return route[^1];
    }

    /// <summary>The engine that takes over from another one.</summary>
    private EngineStation Next(EngineStation failed) =>
        FirstWell([.. _preferred.SkipWhile(station => station != failed).Skip(1).DefaultIfEmpty(_preferred[^1])]);

    private bool IsLast(EngineStation station) => station == _preferred[^1];

    /// <summary>Sends on what there is room for.</summary>
    private void Pump()
    {
        while (_waiting.TryPeek(out var work) && TryAssign(work))
            _waiting.Dequeue();
        if (_closing && _underWay == 0 && _waiting.Count == 0)
            _drained.TrySetResult();
    }

    private bool TryAssign(FrameWork work)
    {
        if (_mode == DispatchMode.Compare)
            return TryPair(work, _route[0], _route[1]);
        if (_mode == DispatchMode.Failover)
            return TryPreferred(work);
        if (_mode == DispatchMode.Balance)
            return TryBalance(work);
        if (!_route[0].HasRoom)
            return false;
        Start(work, _route[0], AssignmentPart.Final);
        return true;
    }

    // To the engine that will have done it first. It waits for one that has no room if that will have done it sooner than one that would
    // let it wait, too; an engine without work takes it in any case, for so all of them together are fastest.
    private bool TryBalance(FrameWork work)
    {
        var soonest = double.PositiveInfinity;
        foreach (var station in _route)
            soonest = station.IsLeftOut ? soonest : Math.Min(soonest, station.DoneIn(work));
        EngineStation? best = null;
        var bestDoneIn = double.PositiveInfinity;
        foreach (var station in _route)
        {
            if (station.IsLeftOut)
            {
                if (station.Works.Count == 0 && work.FaceCount > 0 && station.Health.TakeProbe(s_triesAgainEvery))
                    Start(_works.Copy(work), station, AssignmentPart.Probe);
                continue;
            }

            var doneIn = station.DoneIn(work);
            if (!station.IsFree && !(station.HasRoom && doneIn <= soonest))
                continue;
            if (best is null || (doneIn, station.Works.Count).CompareTo((bestDoneIn, best.Works.Count)) < 0)
                (best, bestDoneIn) = (station, doneIn);
        }

        if (best is null)
            return false;
        Start(work, best, AssignmentPart.Final);
        return true;
    }

    /// <summary>Looks, with balance, which engines are too slow for the others; true when that has changed.</summary>
    private bool LeaveOut()
    {
        if (_mode != DispatchMode.Balance || _options.Order != DispatchOrder.Ordered)
            return false;
        var (fastest, least) = (_route[0], double.PositiveInfinity);
        foreach (var station in _route)
        {
            if (station.TakesMs(_time) is > 0 and var takes && takes < least)
                (fastest, least) = (station, takes);
        }

        var changed = false;
        foreach (var station in _route)
        {
            var takes = station.TakesMs(_time);
            var isLeftOut = takes > HeldBack * least * (station.IsLeftOut ? TakenBack : 1);
            if (isLeftOut == station.IsLeftOut)
                continue;
            (station.IsLeftOut, changed) = (isLeftOut, true);
            if (isLeftOut)
                _logger.EngineLeftOut(station.Name, takes, fastest.Name, least);
            else
                _logger.EngineTakenBack(station.Name, takes);
        }

        return changed;
    }

    private bool TryPair(FrameWork work, EngineStation first, EngineStation second)
    {
        if (!first.HasRoom || !second.HasRoom)
            return false;
        var twin = _works.Copy(work);
        twin.Fault = work.Fault;
        (work.Assignment.Partner, twin.Assignment.Partner) = (twin, work);
        (work.Assignment.IsSecond, twin.Assignment.IsSecond) = (false, true);
        Start(work, first, AssignmentPart.Pair);
        Start(twin, second, AssignmentPart.Pair);
        return true;
    }

    private bool TryPreferred(FrameWork work)
    {
        var station = FirstWell(_route);
        if (!station.HasRoom)
            return false;
        foreach (var failed in _route)
        {
            if (failed == station)
                break;
            if (failed.Works.Count == 0 && work.FaceCount > 0 && failed.Health.TakeProbe(_options.ProbeEvery))
                Start(_works.Copy(work), failed, AssignmentPart.Probe);
        }

        Start(work, station, IsLast(station) || work.Fault is not null ? AssignmentPart.Final : AssignmentPart.Replaceable);
        return true;
    }

    private void Start(FrameWork work, EngineStation station, AssignmentPart part)
    {
        var assignment = work.Assignment;
        (assignment.Station, assignment.Part, assignment.Since, assignment.IsAbandoned) = (station, part, _time.GetTimestamp(), false);
        station.Works.Add(work);
        if (part != AssignmentPart.Probe)
            _underWay++;
        if (!station.Entrance.Post(work))
            throw new InvalidOperationException($"The entrance of {station.Name} has fewer places than there are works.");
    }
}
