using System.Globalization;

namespace FaceLandmark.Tests.Cameras;

/// <summary>What drivers and people do to cameras: a sentence each, and frames again when it is over.</summary>
public sealed class CameraFaultTests : IAsyncLifetime
{
    private const string Device = "/dev/video90";
    private CameraDouble _cameras = null!;

    public async ValueTask InitializeAsync() => _cameras = await CameraDouble.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _cameras.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_camera_that_is_pulled_out_is_missed_at_once_and_found_under_its_name_at_another_place()
    {
        const string Name = "/dev/v4l/by-id/usb-double-video-index0";
        _cameras.Set(Device);
        _cameras.Name(Name, Device);
        await using var node = Start(Name, "--Cameras:0:StallAfter=10min");
        await node.SaysAsync($"'{Name}' is open: 640x480");

        _cameras.Unplug(Device);
        await node.SaysAsync($"Camera '{Name}' was unplugged; plug it in again.");
        await node.SaysAsync($"Camera '{Name}' does not exist; plug it in, or name another one");
        _cameras.Set("/dev/video91", "sizes 320x240");
        _cameras.Name(Name, "/dev/video91");

        await node.SaysAsync($"'{Name}' is open: 320x240"); // it came back with another size
        await node.SaysAsync("cam0: frames arrive again");
        Assert.Contains("open video90\n", _cameras.Log, StringComparison.Ordinal);
        Assert.Contains("open video91\n", _cameras.Log, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData("take-error 5", "Camera '/dev/video90' stopped sending pictures (Input/output error); the node opens it again.")]
    [InlineData("stall 1", "'/dev/video90' has delivered nothing for 0.5 s; check its cable or connection.")]
    [InlineData("bad-every 1", "Camera '/dev/video90' sends only damaged pictures; try another cable or port")]
    [InlineData("short-every 1", "Camera '/dev/video90' sends only damaged pictures; try another cable or port")]
    public async Task A_fault_in_mid_stream_is_told_and_frames_come_again_when_it_is_over(string fault, string sentence)
    {
        _cameras.Set(Device);
        await using var node = Start(Device, "--Cameras:0:StallAfter=0.5s");
        await node.WaitForCameraAsync();

        _cameras.Set(Device, fault);
        await node.SaysAsync(sentence);
        _cameras.Set(Device);

        await node.SaysAsync("cam0: frames arrive again");
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task An_MJPG_camera_whose_JPEGs_are_damaged_is_told_of_and_frames_come_again_when_they_are_whole()
    {
        var whole = await File.ReadAllBytesAsync(
            Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"),
            TestContext.Current.CancellationToken
        );
        var noise = whole.ToArray();
        for (var i = 200; i < noise.Length; i += 3)
            noise[i] ^= 0x5A;
        _cameras.Set(Device, "formats MJPG", $"jpeg {_cameras.Write("picture.jpg", whole)}");
        await using var node = Start(Device, "--Cameras:0:StallAfter=0.5s");
        await node.WaitForCameraAsync();
        foreach (var damaged in (byte[][])[whole[..(whole.Length / 2)], noise])
        {
            _cameras.Write("picture.jpg", damaged);
            await node.SaysAsync("Camera '/dev/video90' sends only damaged pictures; try another cable or port");
            _cameras.Write("picture.jpg", whole);
            await node.SaysAsync("cam0: frames arrive again");
        }
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_stream_whose_server_is_killed_comes_back_with_it()
    {
        var port = Ports.Free();
        await using var node = Start(
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/v.ts"),
            "--Cameras:0:ReopenAfterAtMost=0.5s"
        );
        var server = Serve(port);
        await node.WaitForCameraAsync();
        for (var round = 0; round < 2; round++)
        {
            await server.DisposeAsync(); // kills it
            await node.SaysAsync("cam0: ");
            server = Serve(port);
            await node.SaysAsync("cam0: frames arrive again");
        }

        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_camera_that_never_sends_a_picture_or_damaged_ones_only_says_so()
    {
        _cameras.Set(Device, "stall 1");
        _cameras.Set("/dev/video91", "bad-every 1");
        await using var node = Start(Device, "--Cameras:1:Name=cam1", "--Cameras:1:Source=/dev/video91");

        await node.SaysAsync(
            "Camera '/dev/video90' opens but sends no picture; unplug it and plug it in again, or ask it for another Format or size."
        );
        await node.SaysAsync(
            "Camera '/dev/video91' sends only damaged pictures; try another cable or port, or ask it for another Format or size."
        );
    }

    [Fact]
    public async Task Controls_that_are_unknown_or_out_of_range_end_the_start_with_what_there_is()
    {
        _cameras.Set(Device);
        _cameras.Set("/dev/video91");
        await using var node = Start(
            "/dev/video91",
            "--Cameras:1:Name=cam1",
            $"--Cameras:1:Source={Device}",
            "--Cameras:1:Controls:zoom=1",
            "--Cameras:1:Controls:brightness=65",
            "--Cameras:1:Controls:privacy=true"
        );
        var (status, _, errors) = await node.EndAsync();

        Assert.Equal(2, status);
        Assert.Contains(
            "has no control 'zoom', but: brightness (-64 to 64 in steps of 2); power_line_frequency (Disabled, 50 Hz, 60 Hz); "
                + "auto_exposure (Manual Mode, Aperture Priority Mode); exposure_time_absolute (3 to 2047); "
                + "focus_automatic_continuous (true or false); privacy (read-only)",
            errors,
            StringComparison.Ordinal
        );
        Assert.Contains("cannot have '65' for its control brightness, but -64 to 64 in steps of 2", errors, StringComparison.Ordinal);
        Assert.Contains("has the control privacy, but it is read-only", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("control ", _cameras.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_that_the_driver_refuses_is_tried_again()
    {
        _cameras.Set(Device, "control-error 5");
        await using var node = Start(Device, "--Cameras:0:Controls:brightness=2");

        await node.SaysAsync("Camera '/dev/video90' refuses '2' for its control brightness (Input/output error); if an automatic control");
        _cameras.Set(Device);

        await node.SaysAsync("cam0: frames arrive again");
    }

    [Fact]
    public async Task A_camera_that_lacks_a_control_and_comes_later_leaves_the_node_running()
    {
        await using var node = Start(Device, "--Cameras:0:Controls:zoom=1");
        await node.SaysAsync("does not exist; plug it in, or name another one");

        _cameras.Set(Device);

        await node.SaysAsync("has no control 'zoom', but: ");
        node.AskToStop();
        Assert.Equal(0, (await node.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Every_refusal_is_a_sentence_that_says_what_to_do()
    {
        (string[] Lines, string Sentence)[] refusals =
        [
            (["open-error 16"], "Camera '@' is in use by another program; end that program (fuser -v @ names it), or use another camera."),
            (["open-error 13"], "This user may not open camera '@'; add the user to the group video"),
            (["open-error 1"], "This process has no access to camera '@'; give its container or service the device"),
            (["open-error 24"], "Camera '@' cannot be opened: Too many open files."),
            (["caps 0"], "'@' is not a camera; name one (ls -l /dev/v4l/by-id shows the cameras)."),
            (["caps 0x04800000"], "'@' delivers metadata of 'Double of a camera', not pictures; name its other device"),
            (["caps 0x04001000", "formats NV12", "planes 2"], "Camera '@' offers NV12 in 2 pieces of memory only, but one of YUYV, UYVY"),
            (["caps 0x04001000", "formats NM12"], "Camera '@' offers NM12, but one of YUYV, UYVY, NV12, YU12, MJPG and GREY is needed"),
            (["caps 0x04000002"], "'@' ('Double of a camera') delivers no pictures: it is an output, a converter or a tuner"),
            (["caps 0x00000001"], "'@' ('Double of a camera') cannot stream into memory-mapped buffers"),
            (["formats H264,BA81"], "Camera '@' offers H264, BA81, but one of YUYV, UYVY, NV12, YU12, MJPG and GREY is needed"),
            (["grant-format BA81"], "Camera '@' offers BA81 640x480 only, but one of YUYV, UYVY, NV12, YU12, MJPG and GREY is needed"),
            (["format-error 16"], "Camera '@' is in use by another program; end that program"),
            (["format-error 22"], "Camera '@' refuses 640x480 in YUYV (Invalid argument); ask it for another Format or size."),
            (["buffers-error 12"], "Camera '@' gives no buffers for its pictures (Cannot allocate memory)"),
            (["buffers-error 16"], "Camera '@' is in use by another program; end that program"),
            (["buffers 1"], "Camera '@' gives too few buffers, or too small ones, for its pictures"),
            (["start-error 28"], "Camera '@' does not get enough USB bandwidth; ask it for MJPG, a smaller Width and Height or fewer Fps"),
            (["start-error 32"], "Camera '@' cannot start, because its parts are not linked; link them with media-ctl"),
            (["start-error 5"], "Camera '@' cannot start: Input/output error; unplug it and plug it in again"),
            (["start-error 19"], "Camera '@' was unplugged; plug it in again."),
        ];
        var arguments = new List<string> { "doctor", Port() };
        foreach (var (index, refusal) in refusals.Index())
        {
            _cameras.Set($"/dev/video{index}", refusal.Lines);
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--Cameras:{index}:Name=cam{index}"));
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--Cameras:{index}:Source=/dev/video{index}"));
        }

        await using var doctor = NodeProcess.Start(_cameras.Variables, [.. arguments]);
        var (status, output, _) = await doctor.EndAsync();

        Assert.Equal(1, status);
        foreach (var (index, refusal) in refusals.Index())
        {
            var line = output.Split('\n').Single(line => line.Contains($" camera cam{index} ", StringComparison.Ordinal));
            Assert.StartsWith("missing", line, StringComparison.Ordinal);
            Assert.Contains(refusal.Sentence.Replace("@", $"/dev/video{index}", StringComparison.Ordinal), line, StringComparison.Ordinal);
        }
    }

    private RunningProgram Start(string source, params string[] arguments) =>
        NodeProcess.Start(_cameras.Variables, [$"--Cameras:0:Source={source}", "--Cameras:0:ReopenAfter=0.1s", Port(), .. arguments]);

    // ffmpeg serves one client and ends with it.
    private static RunningProgram Serve(int port) =>
        RunningProgram.Start(
            "ffmpeg",
            [
                .. (string[])["-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10", "-c:v", "mpeg2video"],
                .. (string[])["-f", "mpegts", "-listen", "1", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/v.ts")],
            ]
        );

    private static string Port() => string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={Ports.Free()}");
}
