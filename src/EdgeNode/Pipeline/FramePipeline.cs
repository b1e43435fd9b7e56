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
/// Steps 1 and 2 exist once for each camera, steps 4 and 5 once for each engine. Only step 1 drops frames. Steps 2 and 3 are one block,
/// and steps 6 to 8 are another: what each does costs less than waking another thread. A work item has one owner at a time, the step that
/// holds it; step 8 or 9 gives it back. Where two engines get the same frame (compare; the CPU after the DRP-AI hung; a probe of a failed
/// DRP-AI) there are two work items, each with one owner, which share the picture. Each block runs on one thread at a time, and all
/// blocks run at once: while step 5 infers frame n, frame n + 1 becomes ready in front of it, no sooner than it must (<see
/// cref="Admission"/>).
/// </summary>
internal sealed class FramePipeline
{
    /// <summary>This many frames in a row without a result end the node: a supervisor restarts it.</summary>
    private const int FaultsInARow = 100;

    /// <summary>How often step 6 looks whether something has waited for too long.</summary>
    private static readonly TimeSpan s_watchEvery = TimeSpan.FromMilliseconds(50);

    private readonly List<FlowLimiter> _gates = [];
    private readonly Admission _admission;
    private readonly ActionBlock<FrameWork> _show;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameWorkPool _works;
    private readonly Dispatcher _dispatcher;
    private readonly DispatchOptions _options;
    private readonly PostprocessStep _postprocess;
    private readonly IResultPublisher[] _publishers;
    private readonly IPreviewPublisher _preview;
    private readonly FrameBudget _budget;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReorderBuffer<FrameWork>[] _orders;
    private readonly List<FrameWork> _settled = [];
    private readonly List<FrameWork> _ordered = [];
    private readonly FaultFold _faults;
    private readonly int _engines;
    private int _previewsUnderWay;
    private int _ticksWaiting;

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
        (_publishers, _preview, _metrics, _time, _logger) = ([.. publishers], preview, metrics, time, logger);
        (_postprocess, _budget) = (new PostprocessStep(options.Postprocess, time), new FrameBudget(options.Frames));
        var (cameras, cpu) = (lanes.Cameras, lanes.Cpu);
        if (lanes.Engines().FirstOrDefault(engine => engine.Lane.Info.Model.LandmarkSet != cpu.Info.Model.LandmarkSet).Lane is { } other)
            throw new EngineException(
                $"The engines' models give different landmarks, {cpu.Info.Model.Name} {cpu.Info.Model.LandmarkSet} and "
                    + $"{other.Info.Model.Name} {other.Info.Model.LandmarkSet}: use models of one kind."
            );
        _options = options.Dispatch;
        _works = new FrameWorkPool(options.MaxFaces, cpu.Info.Model.Landmarks);
        _faults = new FaultFold(time);
        _orders = [.. cameras.Select(_ => new ReorderBuffer<FrameWork>(_options.OrderWindow, time))];

        var stations = lanes
            .Engines()
            .Select(engine => new EngineStation(engine.Alone, engine.Lane, new EngineHealth(time)))
            .ToList();
        _engines = stations.Count;

        _dispatcher = new Dispatcher(stations, _options, _works, time, logger);
        // Of a frame there is a work for each engine at most (all that hang and the one that does not).
        var underWay = Math.Max(2, _engines) * cameras.Count * _dispatcher.MostInFlight;
        var limits = _dispatcher.Limits;

        var locates = new List<IDataflowBlock>();
        _admission = new Admission(limits.Places, limits.IsPaced, time);
        foreach (var camera in cameras)
        {
            var candidates = new FaceCandidate[options.MaxFaces];
            var locate = new ActionBlock<FrameWork>(
                work => _dispatcher.Assign(Locate(work, candidates)),
                OneAtATime(_dispatcher.MostInFlight)
            );
            _gates.Add(new FlowLimiter(camera, limits.InFlight, _admission, locate, _budget, _works.Rent, metrics));
            locates.Add(locate);
        }

        var finish = new ActionBlock<FrameWork?>(Finish, OneAtATime(underWay + 1)); // and a tick
        _show = new ActionBlock<FrameWork>(Show, OneAtATime(2)); // one, and one that has just been shown
        var engines = stations.SelectMany(station => Lane(station, finish, underWay)).ToList();
        Task.WhenAll(locates.Select(locate => locate.Completion))
            .ContinueWith(_ => _dispatcher.Close(), TaskScheduler.Default)
            .Unwrap()
            .ContinueWith(_ => Complete([.. engines, finish]), TaskScheduler.Default);
        finish.Completion.ContinueWith(_ => _show.Complete(), TaskScheduler.Default);
        foreach (var block in (IDataflowBlock[])[.. locates, .. engines, finish, _show])
            Watch(block);
        metrics.WatchQueue("dispatch", () => _dispatcher.Waiting);
        metrics.WatchQueue("publish", () => finish.InputCount);
        _show.Completion.ContinueWith(
            _ =>
            {
                _admission.Close();
                if (finish.Completion.IsCompletedSuccessfully)
                    _completion.TrySetResult();
            },
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default
        );
        if (_engines == 1)
            return;

        var ticks = time.CreateTimer(_ => Tick(finish), null, s_watchEvery, s_watchEvery);
        finish.Completion.ContinueWith(_ => ticks.Dispose(), TaskScheduler.Default);
        _dispatcher.Changed += () =>
        {
            var now = _dispatcher.Limits;
            _gates.ForEach(gate => gate.SetInFlight(now.InFlight));
            _admission.SetPlaces(now.Places, now.IsPaced);
        };
    }

    /// <summary>Completes when <see cref="PipelineOptions.Frames"/> have been let in.</summary>
    public Task Spent => _budget.Spent;

    /// <summary>Switches the dispatch, at any time.</summary>
    public IDispatchControl Dispatch => _dispatcher;

    /// <summary>Completes when the last frame has left, or faults with the first bug.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Frames that were let in and have not left: 0 after a whole drain.</summary>
    public int UnderWay => _gates.Sum(gate => gate.UnderWay);

    /// <summary>Where the frames of a camera (by its index) go.</summary>
    public IFrameSink Gate(int camera) => _gates[camera];

    /// <summary>Lets nothing more in; frames under way finish.</summary>
    public void Complete()
    {
        foreach (var gate in _gates)
            gate.Complete();
    }

    private static void Complete(List<IDataflowBlock> blocks) => blocks.ForEach(block => block.Complete());

    private static ExecutionDataflowBlockOptions OneAtATime(int capacity) =>
        new()
        {
            BoundedCapacity = capacity,
            MaxDegreeOfParallelism = 1,
            EnsureOrdered = true,
        };

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

    // 4 preprocess: a tensor for each region; 5 infer: the landmarks of each region. What an engine that was given up brings after the end
    // finds no block to go to.
    private IDataflowBlock[] Lane(EngineStation station, ActionBlock<FrameWork?> finish, int underWay)
    {
        var atOnce = station.Lane.AtOnce;
        var infer =
            atOnce == 1
                ? new ActionBlock<FrameWork>(
                    work =>
                    {
                        station.Lane.Infer(work);
                        finish.Post(work);
                    },
                    OneAtATime(underWay)
                )
                : new ActionBlock<FrameWork>(
                    async work =>
                    {
                        await station.Lane.InferAsync(work).ConfigureAwait(false);
                        finish.Post(work);
                    },
                    new ExecutionDataflowBlockOptions { BoundedCapacity = underWay, MaxDegreeOfParallelism = atOnce }
                );
        var prepare = new ActionBlock<FrameWork>(
            work =>
            {
                station.Lane.Prepare(work);
                infer.Post(work);
            },
            OneAtATime(underWay)
        );
        station.Entrance = prepare;
        _metrics.WatchQueue($"preprocess:{station.Lane.Info.Name}", () => prepare.InputCount);
        _metrics.WatchQueue($"infer:{station.Lane.Info.Name}", () => infer.InputCount);
        return [prepare, infer];
    }

    // While publishing takes long, ticks must not fill the queue: a work that found no room there would be lost.
    private void Tick(ActionBlock<FrameWork?> finish)
    {
        if (Interlocked.Exchange(ref _ticksWaiting, 1) == 0)
            finish.Post(null);
    }

    private void Finish(FrameWork? work)
    {
        if (work is null)
            Volatile.Write(ref _ticksWaiting, 0);
        Join(work);
        foreach (var result in _ordered)
        {
            Postprocess(result);
            Publish(result);
        }
    }

    // 6 join: failed works go to the other engine, compared ones become one; each camera's frames get back into order. Null is a tick of
    // the watch.
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
            if (_options.Order == DispatchOrder.Ordered)
                _orders[result.Camera.Index].Add(result.Ticket, result, _ordered);
            else
                _ordered.Add(result);
        }

        if (work is not null)
            return;
        foreach (var order in _orders)
            order.Expire(_ordered);
    }

    // 7 postprocess: faces in pixels of the frame; the locator learns where they are.
    private void Postprocess(FrameWork work)
    {
        var hadNumbers = work.Fault is null;
        _postprocess.Finish(work);
        work.HasNoNumbers = hadNumbers && work.Fault is not null;
        InferenceLane.Return(work);
        if (work.Twin is { } twin)
            InferenceLane.Return(twin);
    }

    // 8 publish: the message; then the frame's place is free. The picture goes on only when a preview is due and the encoder is idle.
    private void Publish(FrameWork work)
    {
        if (work.Fault is { } fault)
        {
            work.Camera.CountDropped();
            _metrics.Dropped(DropPlace.Infer, work.HasNoNumbers ? DropReason.InvalidOutput : DropReason.EngineFault);
            if (_faults.ShouldReport(out var count))
                _logger.FrameFailed(work.Camera.Name, work.Sequence, fault, count);
            if (_faults.InARow >= FaultsInARow)
            {
                _works.Return(work);
                _gates[work.Camera.Index].Leave();
                throw new EngineException($"{FaultsInARow} frames in a row gave no result: {fault}");
            }
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
        var isShown = work.Fault is null && _preview.TakeTurn(work);
        if (isShown && Interlocked.CompareExchange(ref _previewsUnderWay, 1, 0) != 0)
        {
            isShown = false;
            _metrics.Dropped(DropPlace.Preview, DropReason.Busy);
        }

        if (!isShown || !_show.Post(work))
            _works.Return(work);
        gate.Leave();
    }

    private void Complete(FrameWork work, long dropped)
    {
        work.DroppedBefore = dropped;
        work.Times.Total = _time.GetElapsedTime(work.BeganAt).TotalMilliseconds;
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
