using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Pipeline;

/// <summary>
/// Every block, link, capacity and policy of the way of a frame:
/// <code>
///                                               ┌▶ 4 preprocess ─▶ 5 infer (cpu)   ─┐
/// camera ─▶ 1 gate ─▶ 2 locate ─┬▶ 3 dispatch ──┤                                   ├▶ 6 join ─▶ 7 postprocess ─▶ 8 publish ─▶ 9 preview
/// camera ─▶ 1 gate ─▶ 2 locate ─┘               └▶ 4 preprocess ─▶ 5 infer (drpai) ─┘  │                        │
///           ▲ credit                            ▲ (cpu) what the drpai failed on       │                        │
///           │                                   └──────────────────────────────────────┘                        │
///           └───────────────────────────────────────────────────────────────────────────────────────────────────┘
/// </code>
/// Steps 1 and 2 are there once a camera, steps 4 and 5 once an engine. Only step 1 drops frames. A frame's work has one owner at a time,
/// the step that holds it; step 8 or 9 gives it back. Where two engines get the same frame (compare; the CPU after the DRP-AI hung; a probe
/// of a failed DRP-AI) there are two works, each with one owner, which share the picture. Each step runs on one thread at a time, all steps
/// at once: while step 5 infers frame n, frame n + 1 waits in front of it with its tensors made.
/// </summary>
internal sealed class FramePipeline
{
    /// <summary>So many frames without a result one after the other end the node: a supervisor restarts it.</summary>
    private const int FaultsInARow = 100;

    /// <summary>How often step 6 looks whether something has waited for too long.</summary>
    private static readonly TimeSpan s_watchEvery = TimeSpan.FromMilliseconds(50);

    private static readonly DataflowLinkOptions s_propagate = new() { PropagateCompletion = true };

    private readonly List<FlowLimiter> _gates = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameWorkPool _works;
    private readonly Dispatcher _dispatcher;
    private readonly DispatchOptions _options;
    private readonly PostprocessStep _postprocess;
    private readonly IReadOnlyList<IResultPublisher> _publishers;
    private readonly IPreviewPublisher _preview;
    private readonly FrameBudget _budget;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReorderBuffer<FrameWork>[] _orders;
    private readonly List<FrameWork> _settled = [];
    private readonly List<FrameWork> _ordered = [];
    private readonly List<FrameWork> _shown = [];
    private readonly FaultFold _faults;
    private int _previewsUnderWay;

    /// <summary>Builds and links the blocks.</summary>
    /// <exception cref="EngineException">The mode needs the DRP-AI and there is none, or the engines give different landmarks.</exception>
    public FramePipeline(
        PipelineLanes lanes,
        PipelineOptions options,
        IReadOnlyList<IResultPublisher> publishers,
        IPreviewPublisher preview,
        NodeMetrics metrics,
        TimeProvider time,
        ILogger<FramePipeline> logger
    )
    {
        ArgumentNullException.ThrowIfNull(lanes);
        ArgumentNullException.ThrowIfNull(options);
        (_publishers, _preview, _metrics, _time, _logger) = (publishers, preview, metrics, time, logger);
        (_postprocess, _budget) = (new PostprocessStep(options.Postprocess, time), new FrameBudget(options.Frames));
        var (cameras, cpu, drpai) = lanes;
        if (drpai is not null && drpai.Info.Model.LandmarkSet != cpu.Info.Model.LandmarkSet)
            throw new EngineException(
                $"The engines' models give different landmarks, {cpu.Info.Model.Name} {cpu.Info.Model.LandmarkSet} and "
                    + $"{drpai.Info.Model.Name} {drpai.Info.Model.LandmarkSet}: use models of one kind."
            );
        _options = options.Dispatch;
        _works = new FrameWorkPool(options.MaxFaces, cpu.Info.Model.Landmarks);
        _faults = new FaultFold(time);
        _orders = [.. cameras.Select(_ => new ReorderBuffer<FrameWork>(_options.OrderWindow, time))];

        // Twice a frame's works at most (both engines, or one engine's and its copy), twice the credits with balance.
        var underWay = 4 * cameras.Count * _options.InFlight;
        var stations = new List<EngineStation> { new(cpu) };
        if (drpai is not null)
            stations.Add(new EngineStation(drpai));
        _dispatcher = new Dispatcher(stations[0], stations.ElementAtOrDefault(1), _options, _works, time, logger);

        var dispatch = new ActionBlock<FrameWork>(_dispatcher.Assign, OneAtATime(cameras.Count));
        var locates = new List<IDataflowBlock>();
        foreach (var camera in cameras)
        {
            var gate = new FlowLimiter(camera, InFlight, 2 * _options.InFlight, _budget, _works.Rent, metrics);
            var candidates = new FaceCandidate[options.MaxFaces];
            var locate = new TransformBlock<FrameWork, FrameWork>(work => Locate(work, candidates), OneAtATime(1));
            gate.Output.LinkTo(locate, s_propagate);
            locate.LinkTo(dispatch);
            _gates.Add(gate);
            locates.Add(locate);
        }

        var join = new TransformManyBlock<FrameWork?, FrameWork>(Join, OneAtATime(underWay));
        var finish = new TransformBlock<FrameWork, FrameWork>(Finish, OneAtATime(2));
        var publish = new TransformManyBlock<FrameWork, FrameWork>(Publish, OneAtATime(2));
        var show = new ActionBlock<FrameWork>(Show, OneAtATime(1));
        var engines = stations.SelectMany(station => Lane(station, join, underWay)).ToList();

        join.LinkTo(finish, s_propagate);
        finish.LinkTo(publish, s_propagate);
        publish.LinkTo(show, s_propagate);
        CompleteAfter(dispatch, locates);
        dispatch
            .Completion.ContinueWith(_ => _dispatcher.Close(), TaskScheduler.Default)
            .Unwrap()
            .ContinueWith(_ => Complete([.. engines, join]), TaskScheduler.Default);

        foreach (var block in (IDataflowBlock[])[.. locates, dispatch, .. engines, join, finish, publish, show])
            Watch(block);
        metrics.WatchQueue("dispatch", () => _dispatcher.Waiting);
        metrics.WatchQueue("publish", () => publish.InputCount);
        show.Completion.ContinueWith(
            _ => _completion.TrySetResult(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default
        );
        if (drpai is null)
            return;

        // A tick that finds no room is one too many: works are coming anyway.
        var ticks = time.CreateTimer(_ => join.Post(null), null, s_watchEvery, s_watchEvery);
        join.Completion.ContinueWith(_ => ticks.Dispose(), TaskScheduler.Default);
        _dispatcher.Changed += () => _gates.ForEach(gate => gate.SetInFlight(InFlight));
    }

    /// <summary>Completes when <see cref="PipelineOptions.Frames"/> have been let in.</summary>
    public Task Spent => _budget.Spent;

    /// <summary>Switches the dispatch, at any time.</summary>
    public IDispatchControl Dispatch => _dispatcher;

    /// <summary>Completes when the last frame has left, or faults with the first bug.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Where the frames of a camera (by its index) go.</summary>
    public IFrameSink Gate(int camera) => _gates[camera];

    /// <summary>Lets nothing more in; frames under way finish.</summary>
    public void Complete()
    {
        foreach (var gate in _gates)
            gate.Complete();
    }

    private int InFlight => _dispatcher.Mode == DispatchMode.Balance ? 2 * _options.InFlight : _options.InFlight;

    private static void Complete(List<IDataflowBlock> blocks) => blocks.ForEach(block => block.Complete());

    private static ExecutionDataflowBlockOptions OneAtATime(int capacity) =>
        new()
        {
            BoundedCapacity = capacity,
            MaxDegreeOfParallelism = 1,
            EnsureOrdered = true,
        };

    private static void CompleteAfter(ActionBlock<FrameWork> target, IEnumerable<IDataflowBlock> sources) =>
        Task.WhenAll(sources.Select(source => source.Completion)).ContinueWith(_ => target.Complete(), TaskScheduler.Default);

    private void Watch(IDataflowBlock block) =>
        block.Completion.ContinueWith(
            done => _completion.TrySetException(done.Exception!.Flatten().InnerException!),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );

    // 2 locate: in which regions faces are expected.
    private FrameWork Locate(FrameWork work, FaceCandidate[] candidates)
    {
        var began = _time.GetTimestamp();
        try
        {
            work.FaceCount = work.Camera.Locator.Locate(work.Frame!, candidates);
            for (var i = 0; i < work.FaceCount; i++)
                work.Faces[i].Candidate = candidates[i];
        }
        catch (DetectorException reason)
        {
            work.Fault = reason.Message;
        }

        work.Times.Locate = _time.GetElapsedTime(began).TotalMilliseconds;
        return work;
    }

    // 4 preprocess: a tensor for each region; 5 infer: the landmarks of each region.
    private IDataflowBlock[] Lane(EngineStation station, ITargetBlock<FrameWork?> join, int underWay)
    {
        var prepare = new TransformBlock<FrameWork, FrameWork>(
            work =>
            {
                station.Lane.Prepare(work);
                return work;
            },
            OneAtATime(underWay)
        );
        var infer = new TransformBlock<FrameWork, FrameWork?>(
            work =>
            {
                station.Lane.Infer(work);
                return work;
            },
            OneAtATime(2)
        );
        prepare.LinkTo(infer, s_propagate);
        infer.LinkTo(join);
        station.Entrance = prepare;
        _metrics.WatchQueue($"preprocess:{station.Lane.Info.Name}", () => prepare.InputCount);
        _metrics.WatchQueue($"infer:{station.Lane.Info.Name}", () => infer.InputCount);
        return [prepare, infer];
    }

    // 6 join: failed works go to the other engine, compared ones become one; each camera's frames get back into order. Null is a tick of
    // the watch.
    private List<FrameWork> Join(FrameWork? work)
    {
        _settled.Clear();
        _ordered.Clear();
        if (work is not null)
            _dispatcher.Settle(work, _settled);
        else
            _dispatcher.Watch(_settled);
        foreach (var result in _settled)
        {
            if (result.Fault is not null)
                _metrics.Dropped(DropPlace.Infer, DropReason.EngineFault);
            if (_options.Order == DispatchOrder.Ordered)
                _orders[result.Camera.Index].Add(result.Ticket, result, _ordered);
            else
                _ordered.Add(result);
        }

        if (work is null)
        {
            foreach (var order in _orders)
                order.Expire(_ordered);
        }

        return _ordered;
    }

    // 7 postprocess: faces in pixels of the frame; the locator learns where they are.
    private FrameWork Finish(FrameWork work)
    {
        var hadNumbers = work.Fault is null;
        _postprocess.Finish(work);
        if (hadNumbers && work.Fault is not null)
            _metrics.Dropped(DropPlace.Infer, DropReason.InvalidOutput);
        InferenceLane.Return(work);
        if (work.Twin is { } twin)
            InferenceLane.Return(twin);
        return work;
    }

    // 8 publish: the message; then the frame's place is free. The picture goes on only when a preview is due and the encoder is idle.
    private List<FrameWork> Publish(FrameWork work)
    {
        _shown.Clear();
        if (work.Fault is { } fault)
        {
            work.Camera.CountDropped();
            if (_faults.ShouldReport(out var count))
                _logger.FrameFailed(work.Camera.Name, work.Sequence, fault, count);
            if (_faults.InARow >= FaultsInARow)
                throw new EngineException($"{FaultsInARow} frames in a row gave no result: {fault}");
        }
        else
        {
            _faults.Clear();
            Complete(work, work.Camera.TakeDropped());
            if (work.Twin is { Fault: null } twin)
                Complete(twin, work.DroppedBefore);
            foreach (var publisher in _publishers)
                publisher.Publish(work);
            _metrics.FrameFinished(work.Camera.Name, work.Engine.Name, work.PresentCount, work.Times);
        }

        var gate = _gates[work.Camera.Index];
        if (work.Fault is null && _preview.TakeTurn(work))
        {
            if (Interlocked.CompareExchange(ref _previewsUnderWay, 1, 0) == 0)
                _shown.Add(work);
            else
                _metrics.Dropped(DropPlace.Preview, DropReason.Busy);
        }

        if (_shown.Count == 0)
            _works.Return(work);
        gate.Leave();
        return _shown;
    }

    private void Complete(FrameWork work, long dropped)
    {
        work.DroppedBefore = dropped;
        work.Times.Total = _time.GetElapsedTime(work.Timestamp).TotalMilliseconds;
        work.Times.Queue = Math.Max(
            0,
            work.Times.Total - work.Times.Locate - work.Times.Preprocess - work.Times.Inference - work.Times.Postprocess
        );
    }

    // 9 preview: the picture as JPEG.
    private void Show(FrameWork work)
    {
        _preview.Publish(work);
        _works.Return(work);
        Volatile.Write(ref _previewsUnderWay, 0);
    }
}
