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
    private readonly object _lock = new();
    private readonly EngineStation _cpu;
    private readonly EngineStation? _drpai;
    private readonly DispatchOptions _options;
    private readonly FrameWorkPool _works;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EngineHealth _health;
    private readonly FaultFold _oneSided;
    private readonly Queue<FrameWork> _waiting = new(); // works that wait for room; no more than the gates let in
    private readonly List<FrameWork> _pairs = []; // settled works that wait for their partner
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DispatchMode _mode;
    private int _underWay;
    private bool _closing;

    internal Dispatcher(
        EngineStation cpu,
        EngineStation? drpai,
        DispatchOptions options,
        FrameWorkPool works,
        TimeProvider time,
        ILogger logger
    )
    {
        (_cpu, _drpai, _options, _works, _time, _logger) = (cpu, drpai, options, works, time, logger);
        _health = new EngineHealth(options.ProbeEvery, time);
        _oneSided = new FaultFold(time);
        if (Refusal(options.Mode, drpai is not null) is { } refusal)
            throw new EngineException(refusal);
        _mode = options.Mode;
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
            if (Refusal(value, _drpai is not null) is { } refusal)
                throw new EngineException(refusal);
            lock (_lock)
            {
                if (_mode == value)
                    return;
                _logger.ModeSwitched(_mode, value);
                _mode = value;
                _health.Recover(); // a new attempt is a new chance
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
                var failed = _mode == DispatchMode.Failover ? _health.Fault : null;
                IReadOnlyList<string> inUse = _mode switch
                {
                    DispatchMode.Cpu => [_cpu.Lane.Info.Name],
                    DispatchMode.Balance or DispatchMode.Compare => [_cpu.Lane.Info.Name, _drpai!.Lane.Info.Name],
                    _ => [failed is null ? _drpai!.Lane.Info.Name : _cpu.Lane.Info.Name],
                };
                return new DispatchStatus(_mode, inUse, failed);
            }
        }
    }

    /// <summary>Why a mode cannot be used, in a sentence; null when it can.</summary>
    public static string? Refusal(DispatchMode mode, bool hasDrpai) =>
        mode == DispatchMode.Cpu || hasDrpai
            ? null
            : $"Dispatch:Mode is '{mode.Word()}', which needs the DRP-AI, but this node has none: use the mode cpu, "
                + "or set Engines:DrpAi:Device to emulated to have a DRP-AI imitated, or to hardware on a board that has one.";

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
        {
            if (!_cpu.HasRoom || !_drpai!.HasRoom)
                return false;
            var twin = _works.Copy(work);
            twin.Fault = work.Fault;
            (work.Assignment.Partner, twin.Assignment.Partner) = (twin, work);
            Start(work, _cpu, AssignmentPart.Pair);
            Start(twin, _drpai, AssignmentPart.Pair);
            return true;
        }

        var failed = _mode == DispatchMode.Failover && _health.Fault is not null;
        var station = _mode switch
        {
            DispatchMode.Cpu => _cpu,
            DispatchMode.Balance => _drpai!.Works.Count < _cpu.Works.Count ? _drpai : _cpu,
            _ => failed ? _cpu : _drpai!,
        };
        if (!station.HasRoom)
            return false;
        if (failed && _drpai!.Works.Count == 0 && work.FaceCount > 0 && _health.TakeProbe())
            Start(_works.Copy(work), _drpai, AssignmentPart.Probe);
        var replaceable = _mode == DispatchMode.Failover && !failed && work.Fault is null;
        Start(work, station, replaceable ? AssignmentPart.Replaceable : AssignmentPart.Final);
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
            throw new InvalidOperationException($"The entrance of {station.Lane.Info.Name} has fewer places than there are works.");
    }
}
