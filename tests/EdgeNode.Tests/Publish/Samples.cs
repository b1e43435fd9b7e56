using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Publish;
using FaceLandmark.Tests.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Publish;

/// <summary>Results as the pipeline hands them to the publishers.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset CapturedAt = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public static EngineInfo Engine { get; } =
        new(
            "onnx",
            "ONNX Runtime 1.31",
            new DeviceInfo("CPU", false),
            new ModelCard
            {
                Name = "deeppose-resnet18",
                File = "m.onnx",
                Sha256 = "abc123",
            }
        );

    public static NodeIdentity Identity { get; } = new("node7", "s1", CapturedAt);

    /// <summary>A camera that was opened.</summary>
    public static SourceInfo Source { get; } =
        new()
        {
            Description = "/dev/video0",
            Width = 640,
            Height = 480,
            Fps = 29.97,
            Layout = PixelLayout.Yuy2,
            IsLive = true,
            DeviceSerial = "SN1",
        };

    public static NodeMetrics Metrics(TimeProvider time) =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), time);

    public static MqttTopics Topics(params string[] cameras) => new("facelandmark", "node7", cameras.Length == 0 ? ["cam0"] : cameras);

    public static MqttLink Link(NodeMetrics metrics, TimeProvider time, MqttTopics? topics = null) =>
        new(new BrokerSettings(new MqttOptions(), topics ?? Topics(), "s1"), metrics, time, NullLogger<MqttLink>.Instance);

    /// <summary>A result with one present face in the middle of the frame and one candidate that is none.</summary>
    public static FrameWork Work(string camera = "cam0", int maxFaces = 2)
    {
        var work = new FrameWork(maxFaces, 98)
        {
            Camera = new CameraLane(0, camera, "s1", null!),
            Sequence = 42,
            CapturedAt = CapturedAt.AddTicks(1234567),
            Timestamp = 5_000_000_123,
            Size = (640, 480),
            FaceCount = 2,
            Engine = Engine,
            Filtered = true,
            DroppedBefore = 3,
        };
        (work.Times.Queue, work.Times.Locate, work.Times.Preprocess) = (0.12345, 1.5, 0.75);
        (work.Times.Inference, work.Times.Postprocess, work.Times.Total) = (25.25, 0.0625, 27.8);
        FaceShape.Fill(work.Faces[0], 320, 240, 120);
        FaceShape.Fill(work.Faces[1], 100, 100, 50);
        work.Faces[1].IsPresent = false;
        return work;
    }

    /// <summary>A result as the topic <c>landmarks</c> has it.</summary>
    public static byte[] Landmarks(FrameWork work, TimeProvider? time = null, string? file = null) =>
        Json(writer => LandmarksMessage.Write(writer, work, "node7", time ?? TimeProvider.System, file));

    /// <summary>What something writes by hand.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, MessageJson.WriterOptions))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A grey frame.</summary>
    public static Frame Frame(FramePool pool, PixelLayout layout = PixelLayout.Bgr, int width = 640, int height = 480)
    {
        var frame = pool.Rent(width, height, layout);
        frame.Data.Fill(128);
        return frame;
    }
}
