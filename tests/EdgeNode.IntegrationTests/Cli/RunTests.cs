using System.Globalization;
using System.Text.Json;
using OpenCvSharp;

namespace FaceLandmark.Tests.Cli;

/// <summary>The verb <c>run</c> from the outside.</summary>
public sealed class RunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_demo_finds_faces_and_reports_them_on_the_last_line()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync("--frames", "60", "--report", "json", Port());
        Assert.True(exitCode == 0, errors);
        var report = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(60, report.GetProperty("frames").GetInt32());
        Assert.Equal(60, report.GetProperty("published").GetInt32());
        Assert.InRange(report.GetProperty("framesWithFaces").GetInt32(), 45, 60);
        Assert.True(report.GetProperty("faces").GetInt32() >= report.GetProperty("framesWithFaces").GetInt32());
        Assert.True(report.GetProperty("fps").GetDouble() > 0);
        Assert.True(
            report.GetProperty("latencyMs").GetProperty("p99").GetDouble() >= report.GetProperty("latencyMs").GetProperty("p50").GetDouble()
        );
        Assert.Equal("onnx", report.GetProperty("engine").GetString());
        // In 8 bits where the processor can.
        Assert.StartsWith("deeppose-resnet18", report.GetProperty("model").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_broker_gets_landmarks_and_pictures_and_a_goodbye()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var port = broker.Port.ToString(CultureInfo.InvariantCulture);
        var landmarks = MosquittoClients.SubscribeAsync(10, "-h", "127.0.0.1", "-p", port, "-t", "facelandmark/n1/cameras/cam0/landmarks");
        var preview = MosquittoClients.SubscribeAsync(
            1,
            "-h",
            "127.0.0.1",
            "-p",
            port,
            "-t",
            "facelandmark/n1/cameras/cam0/preview",
            "-F",
            "%x"
        );
        await using var node = NodeProcess.Start(
            "--Node:Name=n1",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={port}",
            "--Preview:Enabled=true"
        );

        using (var picture = Cv2.ImDecode(Convert.FromHexString((await preview).Trim()), ImreadModes.Color))
            Assert.Equal((640, 480), (picture.Width, picture.Height));
        var lines = (await landmarks).TrimEnd().Split('\n');
        var sequence = 0L;
        foreach (var line in lines)
        {
            var message = JsonDocument.Parse(line).RootElement;
            Assert.True(message.GetProperty("seq").GetInt64() > sequence);
            sequence = message.GetProperty("seq").GetInt64();
            foreach (var face in message.GetProperty("faces").EnumerateArray())
                Assert.Equal(98, face.GetProperty("points").GetArrayLength());
        }

        Assert.Equal("online", await RetainedAsync(port, "facelandmark/n1/status"));
        Assert.Equal("streaming", Property(await RetainedAsync(port, "facelandmark/n1/cameras/cam0/state"), "state"));
        node.AskToStop();
        var (exitCode, _, errors) = await node.EndAsync();
        Assert.True(exitCode == 0, errors);
        Assert.Equal("stopped", await RetainedAsync(port, "facelandmark/n1/status"));
    }

    [Fact]
    public async Task Every_picture_of_a_folder_is_processed_and_the_run_ends_by_itself()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "run",
            "--source",
            Path.Combine(AppContext.BaseDirectory, "assets", "demo"),
            "--report",
            "json",
            Port()
        );
        Assert.True(exitCode == 0, errors);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((6, 6), (report.GetProperty("frames").GetInt32(), report.GetProperty("framesWithFaces").GetInt32()));
        Assert.Equal(6, report.GetProperty("published").GetInt32());
    }

    [Fact]
    public async Task Every_frame_of_a_video_is_processed()
    {
        var path = Path.Combine(_folder, "clip.avi");
        PhotographClip.Write(path, 40);
        const string NoPreview = "--Preview:Enabled=false"; // one that is due while the encoder is busy counts as dropped
        var (exitCode, output, errors) = await NodeProcess.RunAsync("--source", path, "--report", "json", NoPreview, Port());
        Assert.True(exitCode == 0, errors);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(40, report.GetProperty("frames").GetInt32());
        Assert.Equal("{}", report.GetProperty("dropped").GetRawText());
    }

    [Fact]
    public async Task The_time_asked_for_ends_the_run_cleanly()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync("--for", "2s", "--report", "json", Port());
        Assert.True(exitCode == 0, errors);
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("frames").GetInt32() > 0);
    }

    [Fact]
    public async Task Without_its_broker_the_node_runs_all_the_same_and_says_so()
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync("--frames", "20", "--report", "json", "--Mqtt:Host=127.0.0.1", Port());
        Assert.True(exitCode == 0, errors);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((20, 0), (report.GetProperty("frames").GetInt32(), report.GetProperty("published").GetInt32()));
        Assert.Equal(20, report.GetProperty("dropped").GetProperty("publish").GetProperty("offline").GetInt32());
        Assert.Contains("127.0.0.1", errors, StringComparison.Ordinal);
    }

    private static string Port() => string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={Ports.Free()}");

    private static async Task<string> RetainedAsync(string port, string topic) =>
        (await MosquittoClients.SubscribeAsync(1, "-h", "127.0.0.1", "-p", port, "-t", topic)).Trim();

    private static string? Property(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).GetString();
}
