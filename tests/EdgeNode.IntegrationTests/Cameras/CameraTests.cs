using System.Globalization;
using System.Text.Json;
using OpenCvSharp;

namespace FaceLandmark.Tests.Cameras;

/// <summary>A node with a camera, from the device's buffers to what is published.</summary>
public sealed class CameraTests : IAsyncLifetime
{
    private const string Device = "/dev/video90";
    private const string MultiPlanar = "caps 0x04001000\ndata-offset 48";
    private const int Width = 640;
    private const int Height = 480;

    // The colours of the double in RGB, four columns and two rows.
    private static readonly (int R, int G, int B)[] s_colours =
    [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (255, 255, 255),
        (0, 0, 0),
        (255, 255, 0),
        (0, 255, 255),
        (255, 0, 255),
    ];

    private CameraDouble _cameras = null!;

    public async ValueTask InitializeAsync() => _cameras = await CameraDouble.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _cameras.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("YUYV", 0, "640x480 at 30 frames a second, Yuy2, format YUYV")]
    [InlineData("YUYV", 64, "640x480 at 30 frames a second, Yuy2, format YUYV")]
    [InlineData("UYVY", 64, "640x480 at 30 frames a second, Yuy2, format UYVY")]
    [InlineData("YU12", 32, "640x480 at 30 frames a second, Yuy2, format YU12")]
    [InlineData("GREY", 32, "640x480 at 30 frames a second, Yuy2, format GREY")]
    [InlineData("NV12", 0, "640x480 at 30 frames a second, Yuy2, format NV12")]
    [InlineData("NV12", 32, "640x480 at 30 frames a second, Yuy2, format NV12")]
    [InlineData("MJPG", 0, "640x480 at 30 frames a second, Bgr, format MJPG")]
    [InlineData("YUYV", 64, "640x480 at 30 frames a second, Yuy2, format YUYV", MultiPlanar)]
    [InlineData("NV12", 32, "640x480 at 30 frames a second, Yuy2, format NV12", MultiPlanar)]
    [InlineData("MJPG", 0, "640x480 at 30 frames a second, Bgr, format MJPG", MultiPlanar)]
    public async Task The_picture_that_is_published_is_the_cameras(string format, int padding, string told, string more = "rates 30")
    {
        _cameras.Set(Device, $"formats {format}", $"padding {padding}", $"jpeg {_cameras.Write("picture.jpg", Jpeg())}", more);
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        await using var node = StartAt(port, $"--Cameras:0:Format={format}", "--Preview:Enabled=true", "--Preview:Quality=95");
        await node.WaitForCameraAsync();
        string[] address = ["-h", "127.0.0.1", "-p", port, "-t", "facelandmark/n1/cameras/cam0/preview", "-F", "%x"];
        var picture = Convert.FromHexString((await MosquittoClients.SubscribeAsync(1, address)).Trim());

        AssertColours(picture, isGrey: format == "GREY");
        node.AskToStop();
        var (status, _, errors) = await node.EndAsync();
        Assert.Equal(0, status);
        Assert.Contains(told, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("was requested", errors, StringComparison.Ordinal);
        Assert.EndsWith("stop\nclose\n", _cameras.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_granted_instead_is_told_with_what_is_offered()
    {
        _cameras.Set(Device, "formats GREY,MJPG,NV12", "sizes 800x600,320x240", "rates 15,5");
        await using var node = Start("--Cameras:0:Fps=25");

        await node.SaysAsync("is open: 800x600 at 15 frames a second, Yuy2, format NV12");
        await node.SaysAsync(
            "cam0: 640x480 at 25 frames a second in YUYV was requested, but the device delivers something else (see above); "
                + "set Width, Height, Fps and Format to what it offers: GREY 800x600 at 15, 320x240 at 15; "
                + "MJPG 800x600 at 15, 320x240 at 15; NV12 800x600 at 15"
        );
    }

    [Fact]
    public async Task A_driver_that_grants_what_it_did_not_offer_is_taken_at_its_word()
    {
        _cameras.Set(Device, "grant-format NV12", "grant-size 322x242", "padding 6");
        await using var node = Start();

        await node.SaysAsync("is open: 322x242 at 30 frames a second, Yuy2, format NV12");
    }

    [Fact]
    public async Task Lost_and_damaged_frames_are_counted_and_leave_gaps()
    {
        _cameras.Set(Device, "lose-every 4", "bad-every 3", "short-every 5");
        await using var node = Start("--frames", "30", "--report", "json");
        var (status, output, errors) = await node.EndAsync();

        Assert.True(status == 0, errors);
        var dropped = JsonDocument.Parse(output).RootElement.GetProperty("dropped").GetProperty("camera");
        // Of 15 pictures 5 are flagged, and 3 are short of which one is flagged, too: 30 whole ones are among 57 at least; every fourth
        // is followed by a gap.
        Assert.InRange(dropped.GetProperty("damaged").GetInt32(), 24, 100_000);
        Assert.InRange(dropped.GetProperty("driverLost").GetInt32(), 12, 100_000);
    }

    [Fact]
    public async Task The_age_of_a_picture_counts_from_the_drivers_time_stamp()
    {
        _cameras.Set(Device, "late-ms 7000");
        await using var node = Start("--frames", "5", "--report", "json");
        var (status, output, errors) = await node.EndAsync();

        Assert.True(status == 0, errors);
        var latency = JsonDocument.Parse(output).RootElement.GetProperty("latencyMs").GetProperty("p50").GetDouble();
        Assert.True(latency >= 7000, $"{latency} ms");
    }

    [Fact]
    public async Task Controls_are_set_before_the_first_picture_automatic_ones_first()
    {
        _cameras.Set(Device);
        await using var node = Start(
            "--Cameras:0:Controls:exposure_time_absolute=80",
            "--Cameras:0:Controls:auto_exposure=manual mode",
            "--Cameras:0:Controls:power_line_frequency=60 Hz",
            "--Cameras:0:Controls:focus_automatic_continuous=false",
            "--Cameras:0:Controls:brightness=-8"
        );
        await node.WaitForCameraAsync();

        Assert.Contains(
            "control Brightness -8\ncontrol Power Line Frequency 2\ncontrol Auto Exposure 1\ncontrol Exposure Time, Absolute 80\n"
                + "control Focus, Automatic Continuous 0\nstart\n",
            _cameras.Log,
            StringComparison.Ordinal
        );
    }

    private RunningProgram Start(params string[] arguments) => StartAt(Ports.Free().ToString(CultureInfo.InvariantCulture), arguments);

    private RunningProgram StartAt(string port, params string[] arguments) =>
        NodeProcess.Start(
            _cameras.Variables,
            ["--Node:Name=n1", $"--Cameras:0:Source={Device}", $"--Mqtt:Port={port}", .. arguments]
        );

    private static byte[] Jpeg()
    {
        using var picture = new Mat(Height, Width, MatType.CV_8UC3);
        for (var i = 0; i < s_colours.Length; i++)
        {
            using var part = picture[Place(i)];
            part.SetTo(new Scalar(s_colours[i].B, s_colours[i].G, s_colours[i].R));
        }

        return picture.ToBytes(".jpg");
    }

    private static Rect Place(int colour) => new(colour % 4 * Width / 4, colour / 4 * Height / 2, Width / 4, Height / 2);

    // Each field but for its edges, where JPEG mixes colours.
    private static void AssertColours(byte[] jpeg, bool isGrey)
    {
        using var picture = Cv2.ImDecode(jpeg, ImreadModes.Color);
        Assert.Equal((Width, Height), (picture.Width, picture.Height));
        for (var i = 0; i < s_colours.Length; i++)
        {
            var place = Place(i);
            using var inner = picture[new Rect(place.X + 16, place.Y + 16, place.Width - 32, place.Height - 32)];
            var (r, g, b) = s_colours[i];
            Cv2.Split(inner, out var channels);
            var grey = (int)Math.Round((0.299 * r) + (0.587 * g) + (0.114 * b));
            int[] wanted = isGrey ? [grey, grey, grey] : [b, g, r];
            foreach (var (channel, expected) in channels.Zip(wanted))
            {
                Cv2.MinMaxLoc(channel, out double least, out double most);
                Assert.True(least >= expected - 16 && most <= expected + 16, $"field {i}: {least} to {most}, expected {expected}");
                channel.Dispose();
            }
        }
    }
}
