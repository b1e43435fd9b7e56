using System.Buffers;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;
using FaceLandmark.Publish;
using FaceLandmark.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Pipeline;

[Collection(Alone.Name)]
public sealed class AllocationTests : IResultPublisher, IPreviewPublisher, IDisposable
{
    private const int Frames = 2000;

    // Four blocks are woken for a frame, by a task of the library each: about 370 bytes. Our own steps take nothing.
    private const int MostBytes = 600;

    private readonly FramePool _pool = new();
    private readonly ArrayBufferWriter<byte> _message = new(16384);
    private readonly Utf8JsonWriter _writer;

    public AllocationTests() => _writer = new Utf8JsonWriter(_message, MessageJson.WriterOptions);

    public void Dispose()
    {
        _writer.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task A_frame_from_the_gate_to_its_message_costs_only_the_tasks_that_wake_its_blocks()
    {
        using var lane = new InferenceLane(new NoPreprocessor(), new StubEngine("onnx", 0.5f), TimeProvider.System);
        var locator = new FixedLocator { Region = new Region(0, 0, 32, 32) };
        var camera = new CameraLane(0, "cam0", "session", locator, new LandmarkSmoother(1, 98));
        var pipeline = new FramePipeline(
            new PipelineLanes([camera], lane),
            new PipelineOptions(new DispatchOptions(), new PostprocessOptions { MinPresence = 0 }, MaxFaces: 1),
            [this],
            this,
            TestMetrics.Create(),
            TimeProvider.System,
            NullLogger<FramePipeline>.Instance
        );
        await FeedAsync(pipeline, Frames);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await FeedAsync(pipeline, Frames);
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Frames;
        pipeline.Complete();
        await pipeline.Completion.InTimeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a frame");
        Assert.InRange(bytes, 0, MostBytes);
    }

    void IResultPublisher.Publish(FrameWork work)
    {
        _message.ResetWrittenCount();
        _writer.Reset();
        LandmarksMessage.Write(_writer, work, "node", TimeProvider.System);
        _writer.Flush();
    }

    bool IPreviewPublisher.TakeTurn(FrameWork work) => false;

    void IPreviewPublisher.Publish(FrameWork work) { }

    private Task FeedAsync(FramePipeline pipeline, int frames) =>
        Task.Run(() =>
        {
            for (var i = 1; i <= frames; i++)
            {
                var frame = _pool.Rent(32, 32, PixelLayout.Bgr);
                (frame.Sequence, frame.Timestamp) = (i, TimeProvider.System.GetTimestamp());
                pipeline.Gate(0).Offer(frame, isLive: false, CancellationToken.None);
            }
        });
}
