using System.Text.Json;
using FaceLandmark.Tests.Dispatch;

namespace FaceLandmark.Tests.Reliability;

/// <summary>What the machine around a node does to it: its clock, its files, cameras of odd rates.</summary>
[Trait("Category", Extent.Category)]
public sealed class MachineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("machine-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_clock_that_is_set_on_and_back_loses_no_frame_and_lengthens_no_time()
    {
        var clock = new SteppedClock();
        await using var node = await DispatchedNode.StartAsync("cpu");
        var seen = 0;
        node.OnLandmarks = _ =>
        {
            seen++;
            if (seen == 10)
                clock.Step(TimeSpan.FromHours(20));
            if (seen == 20)
                clock.Step(TimeSpan.FromHours(-40));
        };
        var report = await node.RunAsync(frames: 40, time: clock);
        Assert.Equal((40, 40), (report.Frames, report.Published));
        Assert.InRange(report.LatencyMs.P99, 0, TimeSpan.FromHours(1).TotalMilliseconds);
        var times = node.On("landmarks").Select(message => message.GetProperty("capturedAt").GetDateTimeOffset()).ToList();
        Assert.True(times.Max() - times.Min() > TimeSpan.FromHours(39)); // the messages follow the clock
    }

    [Fact]
    public async Task A_model_that_is_overwritten_stays_in_use_and_is_refused_at_the_next_start()
    {
        var folder = Path.Combine(_folder, "models");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        await using (var node = await DispatchedNode.StartAsync("cpu", ("Models:Folder", folder)))
        {
            var isBroken = false;
            node.OnLandmarks = _ =>
            {
                if (isBroken)
                    return;
                isBroken = true;
                foreach (var file in Directory.GetFiles(folder, "*.onnx"))
                    File.WriteAllText(file, "no model");
            };
            var report = await node.RunAsync(frames: 30);
            Assert.Equal((30, 30), (report.Frames, report.Published));
        }

        var (exitCode, _, errors) = await NodeProcess.RunAsync("--frames", "1", $"--Models:Folder={folder}", $"--Mqtt:Port={Ports.Free()}");
        Assert.Equal(1, exitCode);
        Assert.Contains("SHA-256", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Black_frames_are_published_without_faces_and_faces_come_back_with_the_picture()
    {
        var clip = Path.Combine(_folder, "clip.avi");
        PhotographClip.Write(clip, frames: 90, black: 30..60);
        await using var node = await DispatchedNode.StartAsync("cpu", ("Cameras:0:Source", clip), ("Locate:DetectEvery", "5"));
        var report = await node.RunAsync(frames: null);
        Assert.Equal((90, 90), (report.Frames, report.Published));
        var faces = node.On("landmarks").ToDictionary(
            message => message.GetProperty("seq").GetInt32(),
            message => message.GetProperty("faces").GetArrayLength()
        );
        Assert.Equal(Enumerable.Range(1, 90), faces.Keys.Order());
        Assert.All(Enumerable.Range(31, 30), black => Assert.Equal(0, faces[black]));
        Assert.All([30, 90], bright => Assert.InRange(faces[bright], 1, 10)); // at first a busy machine may still be looking for them
    }

    [Theory]
    [InlineData("1")]
    [InlineData("240")]
    public async Task Every_frame_of_a_slow_and_of_a_fast_camera_is_accounted_for(string fps)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(
            "--for",
            "4s",
            "--report",
            "json",
            $"--Cameras:0:Fps={fps}",
            "--Cameras:0:Width=320",
            "--Cameras:0:Height=240",
            $"--Mqtt:Port={Ports.Free()}"
        );
        Assert.True(exitCode == 0, errors);
        FrameAccount.IsWhole(JsonDocument.Parse(output).RootElement);
    }
}
