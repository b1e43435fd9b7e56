using System.Buffers;
using System.Text;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Publish;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Publish;

public sealed class LandmarksMessageTests
{
    [Fact]
    public void Schema_is_the_first_field()
    {
        var json = Encoding.UTF8.GetString(
            Samples.Landmarks(Samples.Work())
        );
        Assert.StartsWith("""{"schema":"facelandmark/landmarks/1","node":"node7",""", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_about_the_frame_are_told_in_full()
    {
        var message = Parse(Samples.Work());
        Assert.Equal("cam0", message.GetProperty("camera").GetString());
        Assert.Equal("s1", message.GetProperty("session").GetString());
        Assert.Equal(42, message.GetProperty("seq").GetInt64());
        Assert.Equal("2026-05-04T03:02:01.123456700Z", message.GetProperty("capturedAt").GetString());
        Assert.Equal(500_000_012_300, message.GetProperty("monotonicNs").GetInt64()); // the fake clock ticks every 100 ns
        Assert.Equal(
            (640, 480),
            (message.GetProperty("frame").GetProperty("width").GetInt32(), message.GetProperty("frame").GetProperty("height").GetInt32())
        );
        Assert.Equal("onnx", message.GetProperty("engine").GetString());
        Assert.Equal("CPU", message.GetProperty("device").GetProperty("name").GetString());
        Assert.False(message.GetProperty("device").GetProperty("emulated").GetBoolean());
        Assert.Equal("deeppose-resnet18", message.GetProperty("model").GetString());
        Assert.Equal(3, message.GetProperty("dropped").GetInt64());
        Assert.True(message.GetProperty("filtered").GetBoolean());
        Assert.False(message.TryGetProperty("file", out _));
    }

    [Fact]
    public void Times_are_milliseconds_with_three_decimals()
    {
        var timing = Parse(Samples.Work()).GetProperty("timing");
        var names = new[] { "queue", "locate", "preprocess", "inference", "postprocess", "total" };
        Assert.Equal(names, timing.EnumerateObject().Select(field => field.Name));
        Assert.Equal([0.123, 1.5, 0.75, 25.25, 0.062, 27.8], timing.EnumerateObject().Select(field => field.Value.GetDouble()));
    }

    [Fact]
    public void A_face_is_told_in_full()
    {
        var work = Samples.Work();
        var face = Assert.Single(Parse(work).GetProperty("faces").EnumerateArray());
        Assert.Equal(7, face.GetProperty("id").GetInt32());
        Assert.Equal(0.9877, face.GetProperty("score").GetDouble());
        Assert.Equal("WFLW-98", face.GetProperty("landmarkSet").GetString());
        var box = work.Faces[0].Box;
        Assert.Equal(
            new double[] { box.X, box.Y, box.Width, box.Height }.Select(value => Math.Round(value, 2)),
            face.GetProperty("box").EnumerateArray().Select(value => value.GetDouble())
        );
        Assert.Equal((-12.35, 3.5, 0.1), (Number(face, "pose", "yaw"), Number(face, "pose", "pitch"), Number(face, "pose", "roll")));
        Assert.Equal((0.812, 0.75, 0.1), (Number(face, "eyes", "left"), Number(face, "eyes", "right"), Number(face, "mouth", "open")));
    }

    [Fact]
    public void Points_are_98_pairs_within_half_a_hundredth_of_a_pixel()
    {
        var work = Samples.Work();
        var points = Parse(work).GetProperty("faces")[0].GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(98, points.Length);
        for (var i = 0; i < 98; i++)
        {
            Assert.Equal(2, points[i].GetArrayLength());
            Assert.Equal(work.Faces[0].Points[2 * i], points[i][0].GetDouble(), 0.005001);
            Assert.Equal(work.Faces[0].Points[(2 * i) + 1], points[i][1].GetDouble(), 0.005001);
        }
    }

    [Theory]
    [InlineData(0f, 0f, "[0,0]")]
    [InlineData(1.005f, -1.5f, "[1,-1.5]")]
    [InlineData(639.996f, 0.05f, "[640,0.05]")]
    [InlineData(-0.004f, -0.01f, "[0,-0.01]")]
    [InlineData(8191.99f, -8192.25f, "[8191.99,-8192.25]")]
    [InlineData(1e12f, -1e12f, "[999999995904,-999999995904]")]
    public void Coordinates_have_at_most_two_decimals(float x, float y, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Samples.Json(writer => writer.WritePair(x, y))));

    [Fact]
    public void A_frame_without_faces_is_a_message_too()
    {
        var work = Samples.Work();
        work.FaceCount = 0;
        Assert.Equal(0, Parse(work).GetProperty("faces").GetArrayLength());
    }

    [Fact]
    public void The_command_line_adds_the_file() =>
        Assert.Equal(
            "Bilder/größe \"1\".jpg",
            JsonDocument
                .Parse(
                    Samples.Landmarks(Samples.Work(), file: "Bilder/größe \"1\".jpg")
                )
                .RootElement.GetProperty("file")
                .GetString()
        );

    [Fact]
    public void Writing_allocates_nothing()
    {
        var work = Samples.Work();
        var buffer = new ArrayBufferWriter<byte>(16384);
        using var writer = new Utf8JsonWriter(buffer, MessageJson.WriterOptions);
        void Write()
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            LandmarksMessage.Write(writer, work, "node7", TimeProvider.System);
            writer.Flush();
        }

        for (var i = 0; i < 3; i++)
            Write();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Write();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static double Number(JsonElement face, string group, string name) => face.GetProperty(group).GetProperty(name).GetDouble();

    private static JsonElement Parse(FrameWork work) =>
        JsonDocument
            .Parse(Samples.Landmarks(work, new FakeTimeProvider()))
            .RootElement;
}
