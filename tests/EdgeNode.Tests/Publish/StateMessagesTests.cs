using System.Text;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using FaceLandmark.Publish;

namespace FaceLandmark.Tests.Publish;

public sealed class StateMessagesTests
{
    [Fact]
    public void Stats_carry_every_figure()
    {
        var stats = new StatsSnapshot
        {
            At = Samples.CapturedAt,
            UptimeSeconds = 12.3456,
            FpsIn = 30,
            FpsOut = 29.87654,
            Frames = 300,
            FramesWithFaces = 290,
            Faces = 310,
            Drops = new Dictionary<DropPlace, IReadOnlyDictionary<DropReason, long>>
            {
                [DropPlace.Gate] = new Dictionary<DropReason, long> { [DropReason.NewerFrame] = 4 },
            },
            Stages = new Dictionary<string, Percentiles> { ["inference"] = new(25.1, 27.2, 30.3) },
            EndToEnd = new Percentiles(26, 28, 31),
            Queues = new Dictionary<string, int> { ["mqtt"] = 2 },
            CpuPercent = 120.5,
            MemoryBytes = 123_456_789,
            TemperatureC = 51.5,
            Mqtt = new MqttCounts(2, 299, 1),
        };
        var message = Parse(StatsMessage.Of(stats, Samples.Identity).ToBytes());
        Assert.Equal(
            """
            {"schema":"facelandmark/stats/1","node":"node7","session":"s1","at":"2026-05-04T03:02:01.000000000Z",
            "uptimeSeconds":12.346,"fps":{"in":30,"out":29.877},"frames":300,"framesWithFaces":290,"faces":310,
            "drops":{"gate":{"newerFrame":4}},"stages":{"inference":{"p50":25.1,"p95":27.2,"p99":30.3}},
            "endToEnd":{"p50":26,"p95":28,"p99":31},"queues":{"mqtt":2},"cpuPercent":120.5,"memoryBytes":123456789,
            "temperatureC":51.5,"mqtt":{"queued":2,"sent":299,"failed":1}}
            """.ReplaceLineEndings(""),
            message.GetRawText()
        );
    }

    [Fact]
    public void Stats_of_a_machine_without_sensor_have_no_temperature()
    {
        var stats = Samples.Metrics(TimeProvider.System).Snapshot() with { TemperatureC = null };
        Assert.False(Parse(StatsMessage.Of(stats, Samples.Identity).ToBytes()).TryGetProperty("temperatureC", out _));
    }

    [Fact]
    public void A_streaming_camera_tells_what_it_delivers()
    {
        var status = new CameraStatus("cam0", CameraCondition.Streaming, null, Samples.CapturedAt, Samples.Source);
        Assert.Equal(
            """
            {"schema":"facelandmark/camera-state/1","node":"node7","camera":"cam0","session":"s1","state":"streaming",
            "since":"2026-05-04T03:02:01.000000000Z","source":"/dev/video0",
            "width":640,"height":480,"fps":29.97,"live":true,"deviceSerial":"SN1"}
            """.ReplaceLineEndings(""),
            Parse(CameraStateMessage.Of(status, Samples.Identity).ToBytes()).GetRawText()
        );
    }

    [Fact]
    public void A_failed_camera_tells_the_cause()
    {
        var status = new CameraStatus(
            "cam0",
            CameraCondition.Unplugged,
            "There is no /dev/video0: plug the camera in.",
            Samples.CapturedAt,
            null
        );
        var message = Parse(CameraStateMessage.Of(status, Samples.Identity).ToBytes());
        Assert.Equal("unplugged", message.GetProperty("state").GetString());
        Assert.Equal("There is no /dev/video0: plug the camera in.", message.GetProperty("cause").GetString());
        Assert.False(message.TryGetProperty("width", out _));
    }

    [Fact]
    public void Info_names_software_engines_models_cameras_and_schemas()
    {
        var message = Parse(InfoMessage.Of(Facts()).ToBytes());
        Assert.Equal(MessageSchemas.Info, message.EnumerateObject().First().Value.GetString());
        Assert.Equal("0.1.0", message.GetProperty("software").GetProperty("version").GetString());
        Assert.Equal("2026-05-04T03:02:01.000000000Z", message.GetProperty("started").GetString());
        var engine = Assert.Single(message.GetProperty("engines").EnumerateArray());
        Assert.Equal("onnx", engine.GetProperty("name").GetString());
        Assert.Equal("ONNX Runtime 1.31", engine.GetProperty("runtime").GetString());
        Assert.Equal("CPU", engine.GetProperty("device").GetProperty("name").GetString());
        Assert.Equal("abc123", engine.GetProperty("model").GetProperty("sha256").GetString());
        Assert.Equal("""[{"name":"deeppose-resnet18","description":null}]""", message.GetProperty("models").GetRawText());
        Assert.Equal("door", message.GetProperty("cameras")[0].GetProperty("name").GetString());
        Assert.Equal("facelandmark/landmarks/1", message.GetProperty("schemas").GetProperty("landmarks").GetString());
        var configuration = message.GetProperty("configuration");
        Assert.Equal(1884, configuration.GetProperty("mqtt").GetProperty("port").GetInt32());
        Assert.Equal("00:00:15", configuration.GetProperty("mqtt").GetProperty("keepAlive").GetString());
        Assert.Equal("cpu", configuration.GetProperty("dispatch").GetProperty("mode").GetString());
        Assert.Equal("""{"brightness":"3"}""", configuration.GetProperty("cameras")[0].GetProperty("controls").GetRawText());
    }

    [Fact]
    public void Info_holds_no_secret()
    {
        var text = Encoding.UTF8.GetString(InfoMessage.Of(Facts()).ToBytes());
        foreach (var secret in new[] { "s3cret", "hunter2", "admin", "t0ken" })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("rtsp://10.0.0.5:8554/stream", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "demo")]
    [InlineData("/dev/v4l/by-id/usb-a@b", "/dev/v4l/by-id/usb-a@b")]
    [InlineData("rtsp://admin:hunter2@10.0.0.5:8554/stream", "rtsp://10.0.0.5:8554/stream")]
    [InlineData("http://cam/video?user=admin&password=hunter2", "http://cam/video")]
    [InlineData("rtsp://admin:hun/ter2@10.0.0.5/stream", "rtsp://10.0.0.5/stream")]
    [InlineData("rtsp://10.0.0.5/user=admin&password=hunter2&channel=1", "rtsp://10.0.0.5/user=***&password=***&channel=1")]
    [InlineData("rtsp://10.0.0.5/admin:hunter2@stream", "rtsp://10.0.0.5/***@stream")]
    public void Urls_lose_user_password_and_query(string source, string shown) => Assert.Equal(shown, PublicText.WithoutSecrets(source));

    private static NodeFacts Facts()
    {
        var options = new EdgeNodeOptions
        {
            Cameras =
            [
                new CameraOptions
                {
                    Name = "door",
                    Source = "rtsp://admin:hunter2@10.0.0.5:8554/stream?token=t0ken",
                    Controls = new Dictionary<string, string> { ["brightness"] = "3" },
                },
            ],
            Mqtt = new MqttOptions
            {
                Host = "broker",
                Port = 1884,
                User = "node",
                Password = "s3cret",
            },
        };
        return new(Samples.Identity, [Samples.Engine], options.Cameras, PublicConfiguration.Of(options))
        {
            Models = [Samples.Engine.Model],
        };
    }

    private static JsonElement Parse(byte[] message) => JsonDocument.Parse(message).RootElement;
}
