using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Pipeline;

public sealed class FramePipelineTests : IDisposable
{
    private readonly FramePool _pool = new();
    private readonly NodeMetrics _metrics = TestMetrics.Create();
    private readonly Recorder _recorder = new();
    private readonly StubEngine _engine = new("scripted", 0.5f);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public async Task Every_frame_of_a_file_comes_out_once_and_in_order_and_all_memory_is_given_back()
    {
        var pipeline = Pipeline(cameras: 1);
        await FeedAsync(pipeline, camera: 0, frames: 200);
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();

        Assert.Equal(Enumerable.Range(1, 200).Select(i => ("cam0", (long)i)), _recorder.Landmarks);
        Assert.Equal(200, _metrics.FramesOut);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public async Task Cameras_share_the_engine_and_keep_their_own_order()
    {
        var pipeline = Pipeline(cameras: 3);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(camera => FeedAsync(pipeline, camera, 50)));
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();

        foreach (var camera in _recorder.Landmarks.GroupBy(result => result.Camera))
            Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), camera.Select(result => result.Sequence));
        Assert.Equal(150, _recorder.Landmarks.Count);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public async Task Frames_are_inferred_side_by_side_by_an_engine_that_can()
    {
        using var meeting = new Barrier(2);
        var engine = new StubEngine("pair", 0.5f) { AtOnce = 2 };
        engine.OnRun = run =>
        {
            if (run <= 2)
                Assert.True(meeting.SignalAndWait(Patience.Limit), "The other frame was not inferred meanwhile.");
        };
        var pipeline = Pipeline(cameras: 2, engine);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(camera => FeedAsync(pipeline, camera, 50)));
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();

        foreach (var camera in _recorder.Landmarks.GroupBy(result => result.Camera))
            Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), camera.Select(result => result.Sequence));
        Assert.Equal(100, _recorder.Landmarks.Count);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_frame_that_the_engine_refuses_is_counted_and_the_next_goes_on()
    {
        _engine.OnRun = run => _engine.Refuses = run % 3 == 0;
        var pipeline = Pipeline(cameras: 1);
        await FeedAsync(pipeline, camera: 0, frames: 30);
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();

        Assert.Equal(20, _recorder.Landmarks.Count);
        Assert.Equal(10, _metrics.Snapshot().Drops[DropPlace.Infer][DropReason.EngineFault]);
        Assert.Equal(10, _recorder.Dropped + 1); // the last frame's drop would be told by a message after it
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task Numbers_that_are_none_are_no_result()
    {
        _engine.GivesNaN = true;
        var pipeline = Pipeline(cameras: 1);
        await FeedAsync(pipeline, camera: 0, frames: 5);
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();

        Assert.Empty(_recorder.Landmarks);
        Assert.Equal(5, _metrics.Snapshot().Drops[DropPlace.Infer][DropReason.InvalidOutput]);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task An_engine_that_never_gives_a_result_ends_the_pipeline_with_its_reason()
    {
        _engine.Refuses = true;
        var pipeline = Pipeline(cameras: 1);
        _ = FeedAsync(pipeline, camera: 0, frames: 150);
        var fault = await Assert.ThrowsAsync<EngineException>(() => pipeline.Completion.InTimeAsync());
        Assert.Contains("scripted is broken", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_takes_the_picture_and_gives_it_back()
    {
        _recorder.Previews = true;
        var pipeline = Pipeline(cameras: 1);
        await FeedAsync(pipeline, camera: 0, frames: 50);
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();

        var busy = _metrics.Snapshot().Drops.TryGetValue(DropPlace.Preview, out var drops) ? drops[DropReason.Busy] : 0;
        Assert.Equal(50, _recorder.Shown + busy);
        Assert.True(_recorder.Shown > 0);
        Assert.Equal(0, _pool.Outstanding);
    }

    private FramePipeline Pipeline(int cameras, StubEngine? engine = null)
    {
        var lane = new InferenceLane(new NoPreprocessor(), engine ?? _engine, TimeProvider.System);
        return new FramePipeline(
            new PipelineLanes(
                [
                    .. Enumerable
                        .Range(0, cameras)
                        .Select(i => new CameraLane(i, $"cam{i}", "session", new FixedLocator { Region = new Region(0, 0, 32, 32) })),
                ],
                lane
            ),
            new PipelineOptions(new DispatchOptions(), new PostprocessOptions { MinPresence = 0 }, MaxFaces: 1),
            [_recorder],
            _recorder,
            _metrics,
            TimeProvider.System,
            NullLogger<FramePipeline>.Instance
        );
    }

    private Task FeedAsync(FramePipeline pipeline, int camera, int frames) =>
        Task.Run(() =>
        {
            for (var i = 1; i <= frames; i++)
            {
                var frame = _pool.Rent(32, 32, PixelLayout.Bgr);
                frame.Sequence = i;
                frame.Timestamp = TimeProvider.System.GetTimestamp();
                pipeline.Gate(camera).Offer(frame, isLive: false, CancellationToken.None);
            }
        });

    private sealed class Recorder : IResultPublisher, IPreviewPublisher
    {
        private int _shown;

        public List<(string Camera, long Sequence)> Landmarks { get; } = [];

        public long Dropped { get; private set; }

        public bool Previews { get; set; }

        public int Shown => _shown;

        void IResultPublisher.Publish(FrameWork work)
        {
            Landmarks.Add((work.Camera.Name, work.Sequence));
            Dropped += work.DroppedBefore;
        }

        public bool TakeTurn(FrameWork work) => Previews;

        void IPreviewPublisher.Publish(FrameWork work)
        {
            Assert.NotNull(work.Frame);
            Interlocked.Increment(ref _shown);
        }
    }
}
