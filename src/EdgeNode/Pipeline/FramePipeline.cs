using System.Threading.Tasks.Dataflow;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Pipeline;

/// <summary>
/// Every block, link, capacity and policy of the way of a frame:
/// <code>
/// camera ─▶ 1 gate ─▶ 2 locate ─┐
/// camera ─▶ 1 gate ─▶ 2 locate ─┴▶ 3 dispatch ─▶ 4 preprocess ─▶ 5 infer ─▶ 6 postprocess ─▶ 7 order ─▶ 8 publish ─▶ 9 preview
///           ▲ credit               (per camera above, shared from here on)                                │
///           └─────────────────────────────────────────────────────────────────────────────────────────────┘
/// </code>
/// Only step 1 drops frames. A frame's work has one owner at a time, the step that holds it; step 8 or 9 gives it back. Each step runs on one
/// thread at a time, all steps at once: while step 5 infers frame n, frame n + 1 waits in front of it with its tensors made.
/// </summary>
public sealed class FramePipeline
{
    /// <summary>So many frames without a result one after the other end the node: a supervisor restarts it.</summary>
    private const int FaultsInARow = 100;

    private static readonly DataflowLinkOptions s_propagate = new() { PropagateCompletion = true };

    private readonly List<FlowLimiter> _gates = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameWorkPool _works;
    private readonly InferenceLane _cpu;
    private readonly PostprocessStep _postprocess;
    private readonly ILandmarksPublisher _landmarks;
    private readonly IPreviewPublisher _preview;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<FrameWork> _ordered = [];
    private readonly List<FrameWork> _shown = [];
    private readonly FaultFold _faults;
    private int _previewsUnderWay;

    /// <summary>Builds and links the blocks.</summary>
    public FramePipeline(
        IReadOnlyList<CameraLane> cameras,
        InferenceLane cpu,
        PostprocessStep postprocess,
        ILandmarksPublisher landmarks,
        IPreviewPublisher preview,
        PipelineOptions options,
        FrameBudget budget,
        NodeMetrics metrics,
        TimeProvider time,
        ILogger<FramePipeline> logger)
    {
        ArgumentNullException.ThrowIfNull(cameras);
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(options);
        (_cpu, _postprocess, _landmarks, _preview, _metrics, _time, _logger) = (cpu, postprocess, landmarks, preview, metrics, time, logger);
        _works = new FrameWorkPool(options.MaxFaces, cpu.Info.Model.Landmarks);
        _faults = new FaultFold(time);
        var underWay = cameras.Count * options.InFlight;

        var dispatch = new TransformBlock<FrameWork, FrameWork>(work => work, OneAtATime(cameras.Count));
        var locates = new List<IDataflowBlock>();
        foreach (var camera in cameras)
        {
            var gate = new FlowLimiter(camera, options.InFlight, budget, _works.Rent, metrics);
            var candidates = new FaceCandidate[options.MaxFaces];
            var locate = new TransformBlock<FrameWork, FrameWork>(work => Locate(work, candidates), OneAtATime(1));
            gate.Output.LinkTo(locate, s_propagate);
            locate.LinkTo(dispatch);
            _gates.Add(gate);
            locates.Add(locate);
        }

        var prepare = new TransformBlock<FrameWork, FrameWork>(Prepare, OneAtATime(2));
        var infer = new TransformBlock<FrameWork, FrameWork>(Infer, OneAtATime(2));
        var finish = new TransformBlock<FrameWork, FrameWork>(Finish, OneAtATime(2));
        var buffers = cameras.ToDictionary(camera => camera, _ => new ReorderBuffer<FrameWork>());
        var order = new TransformManyBlock<FrameWork, FrameWork>(work => Order(work, buffers[work.Camera]), OneAtATime(underWay));
        var publish = new TransformManyBlock<FrameWork, FrameWork>(Publish, OneAtATime(2));
        var show = new ActionBlock<FrameWork>(Show, OneAtATime(1));

        dispatch.LinkTo(prepare, s_propagate);
        prepare.LinkTo(infer, s_propagate);
        infer.LinkTo(finish, s_propagate);
        finish.LinkTo(order, s_propagate);
        order.LinkTo(publish, s_propagate);
        publish.LinkTo(show, s_propagate);
        CompleteAfter(dispatch, locates);

        foreach (var block in (IDataflowBlock[])[.. locates, dispatch, prepare, infer, finish, order, publish, show])
            Watch(block);
        metrics.WatchQueue("preprocess", () => prepare.InputCount);
        metrics.WatchQueue("infer", () => infer.InputCount);
        metrics.WatchQueue("publish", () => publish.InputCount);
        show.Completion.ContinueWith(_ => _completion.TrySetResult(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

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

    private static ExecutionDataflowBlockOptions OneAtATime(int capacity) =>
        new() { BoundedCapacity = capacity, MaxDegreeOfParallelism = 1, EnsureOrdered = true };

    private static void CompleteAfter(TransformBlock<FrameWork, FrameWork> target, IEnumerable<IDataflowBlock> sources) =>
        Task.WhenAll(sources.Select(source => source.Completion)).ContinueWith(_ => target.Complete(), TaskScheduler.Default);

    private void Watch(IDataflowBlock block) => block.Completion.ContinueWith(
        done => _completion.TrySetException(done.Exception!.Flatten().InnerException!),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);

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
        catch (EngineException reason)
        {
            work.Fault = reason.Message;
        }

        work.Times.Locate = _time.GetElapsedTime(began).TotalMilliseconds;
        return work;
    }

    // 4 preprocess: a tensor for each region.
    private FrameWork Prepare(FrameWork work)
    {
        _cpu.Prepare(work);
        return work;
    }

    // 5 infer: the landmarks of each region.
    private FrameWork Infer(FrameWork work)
    {
        _cpu.Infer(work);
        if (work.Fault is not null)
            _metrics.Dropped(DropReason.Infer, DropReason.EngineFault);
        return work;
    }

    // 6 postprocess: faces in pixels of the frame; the locator learns where they are.
    private FrameWork Finish(FrameWork work)
    {
        _postprocess.Finish(work);
        _cpu.Return(work);
        return work;
    }

    // 7 order: each camera's frames in the order in which they came in.
    private List<FrameWork> Order(FrameWork work, ReorderBuffer<FrameWork> buffer)
    {
        _ordered.Clear();
        buffer.Add(work.Ticket, work, _ordered);
        return _ordered;
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
            work.DroppedBefore = work.Camera.TakeDropped();
            work.Times.Total = _time.GetElapsedTime(work.Timestamp).TotalMilliseconds;
            work.Times.Queue = Math.Max(0, work.Times.Total - work.Times.Locate - work.Times.Preprocess - work.Times.Inference - work.Times.Postprocess);
            _landmarks.Publish(work);
            _metrics.FrameFinished(work);
        }

        var gate = _gates[work.Camera.Index];
        if (work.Fault is null && _preview.TakeTurn(work))
        {
            if (Interlocked.CompareExchange(ref _previewsUnderWay, 1, 0) == 0)
                _shown.Add(work);
            else
                _metrics.Dropped(DropReason.Preview, DropReason.Busy);
        }

        if (_shown.Count == 0)
            _works.Return(work);
        gate.Leave();
        return _shown;
    }

    // 9 preview: the picture as JPEG.
    private void Show(FrameWork work)
    {
        _preview.Publish(work);
        _works.Return(work);
        Volatile.Write(ref _previewsUnderWay, 0);
    }
}
