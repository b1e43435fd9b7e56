using System.Threading.Channels;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>
/// A pipeline of one camera with two stub engines, or a third one, whose landmarks differ by (1, 1) pixels, and what it publishes.
/// </summary>
internal sealed class TwoEngines : IResultPublisher, IPreviewPublisher, IDisposable
{
    private readonly FramePool _pool = new();
    private readonly NodeMetrics _metrics = TestMetrics.Create();
    private readonly Channel<(long Sequence, string Engine)> _results = Channel.CreateUnbounded<(long, string)>();
    private readonly InferenceLane _cpuLane;
    private readonly InferenceLane? _drpaiLane;
    private readonly InferenceLane? _remoteLane;
    private long _fed;

    public TwoEngines(DispatchOptions options, bool hasDrpai = true, bool hasRemote = false)
    {
        _remoteLane = hasRemote ? new InferenceLane(new NoPreprocessor(), Remote, Time) : null;
        _cpuLane = new InferenceLane(new NoPreprocessor(), Cpu, Time);
        _drpaiLane = hasDrpai ? new InferenceLane(new NoPreprocessor(), Drpai, Time) : null;
        Pipeline = new FramePipeline(
            new PipelineLanes(
                [new CameraLane(0, "cam0", "session", new FixedLocator { Region = new Region(0, 0, 100, 100) })],
                _cpuLane,
                _drpaiLane,
                _remoteLane
            ),
            new PipelineOptions(options, new PostprocessOptions { MinPresence = 0 }, MaxFaces: 1),
            [this],
            this,
            _metrics,
            Time,
            NullLogger<FramePipeline>.Instance
        );
    }

    /// <summary>The node's clock, which stands still unless it is moved.</summary>
    public FakeTimeProvider Time { get; } = new();

    public StubEngine Cpu { get; } = new("onnx", 0.5f);

    public StubEngine Drpai { get; } = new("drpai", 0.51f);

    public StubEngine Remote { get; } = new("remote", 0.52f);

    public FramePipeline Pipeline { get; }

    public IDispatchControl Dispatch => Pipeline.Dispatch;

    /// <summary>Called before a frame's result is published, with the frame's number.</summary>
    public Action<long>? Publishing { get; set; }

    public List<FaceAgreement> Agreements { get; } = [];

    public int Outstanding => _pool.Outstanding;

    public Task FeedAsync(int frames) =>
        Task.Run(() =>
        {
            for (var i = 0; i < frames; i++)
                Feed();
        });

    public void Feed()
    {
        var frame = _pool.Rent(100, 100, PixelLayout.Bgr);
        frame.Sequence = ++_fed;
        frame.Timestamp = Time.GetTimestamp();
        Pipeline.Gate(0).Offer(frame, isLive: false, CancellationToken.None);
    }

    /// <summary>The next result.</summary>
    public Task<(long Sequence, string Engine)> NextAsync() => _results.Reader.ReadAsync().InTimeAsync("the next result");

    /// <summary>Lets time pass in small steps, so long as nothing else brings what is waited for.</summary>
    public async Task<T> MeanwhileTimePassesAsync<T>(Task<T> waited)
    {
        using var limit = Patience.NewLimit();
        while (await Task.WhenAny(waited, Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token)) != waited)
        {
            limit.Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        return await waited;
    }

    /// <summary>Ends the pipeline and gives the results that were not read.</summary>
    public async Task<List<(long Sequence, string Engine)>> FinishAsync()
    {
        Pipeline.Complete();
        await Pipeline.Completion.InTimeAsync();
        _results.Writer.Complete();
        return await _results.Reader.ReadAllAsync().ToListAsync();
    }

    public void Dispose()
    {
        Cpu.Release();
        Drpai.Release();
        Remote.Release();
        _cpuLane.Dispose();
        _drpaiLane?.Dispose();
        _remoteLane?.Dispose();
        _pool.Dispose();
    }

    void IResultPublisher.Publish(FrameWork work)
    {
        Publishing?.Invoke(work.Sequence);
        _results.Writer.TryWrite((work.Sequence, work.Engine.Name));
        if (work.Twin is not { Fault: null } twin)
            return;
        _results.Writer.TryWrite((twin.Sequence, twin.Engine.Name));
        Agreements.Add(work.Agreements[0]);
    }

    bool IPreviewPublisher.TakeTurn(FrameWork work) => false;

    void IPreviewPublisher.Publish(FrameWork work) => throw new InvalidOperationException("No preview was due.");
}
