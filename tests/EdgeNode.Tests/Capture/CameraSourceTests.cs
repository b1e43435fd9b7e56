using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class CameraSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CameraSourceTests() => OpenCvLog.Silence();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("97", "/dev/video97")]
    [InlineData("/dev/video97", "/dev/video97")]
    [InlineData("/dev/v4l/by-id/usb-none-video-index0", "/dev/v4l/by-id/usb-none-video-index0")]
    public void A_camera_that_is_not_there_is_unplugged(string source, string path)
    {
        var error = Assert.Throws<SourceException>(() => new CameraSource(new CameraOptions { Source = source }));

        Assert.Equal(CameraCondition.Unplugged, error.Condition);
        Assert.StartsWith($"Camera '{path}' is not there; plug it in or", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_unplugged()
    {
        var link = Path.Combine(_folder.Path, "by-id");
        File.CreateSymbolicLink(link, "/dev/video97");

        Assert.Equal(
            CameraCondition.Unplugged,
            Assert.Throws<SourceException>(() => new CameraSource(new CameraOptions { Source = link })).Condition
        );
    }

    [Fact]
    public void A_device_that_is_no_camera_fails_with_a_sentence()
    {
        var error = Assert.Throws<SourceException>(() => new CameraSource(new CameraOptions { Source = "/dev/null" }));

        Assert.Equal(CameraCondition.Failed, error.Condition);
        Assert.StartsWith(
            "'/dev/null' can't be opened as a camera: it is none, or another program uses it",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_permission_the_remedy_is_the_group()
    {
        var error = CameraDevice.Problem("/dev/video0", _ => throw new UnauthorizedAccessException());

        Assert.Equal(CameraCondition.Failed, error!.Condition);
        Assert.Contains("add the user to the group video", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_refusal_is_told_as_the_system_tells_it()
    {
        Assert.Contains(
            "Device or resource busy",
            CameraDevice.Problem("/dev/video0", _ => throw new IOException("Device or resource busy"))!.Message,
            StringComparison.Ordinal
        );
        Assert.Null(CameraDevice.Problem("/dev/video0", _ => Stream.Null));
    }

    [Fact]
    public void Raw_YUY2_is_asked_for_first_and_taken_as_it_comes()
    {
        var camera = new ScriptedCamera("YUYV", 30);

        var granted = CameraDevice.Negotiate(new CameraOptions(), camera.Get, camera.Set);

        Assert.Equal(new CameraDevice.Granted("YUYV", 30, PixelLayout.Yuy2), granted);
        Assert.Equal(
            [
                (VideoCaptureProperties.FourCC, VideoWriter.FourCC("YUYV")),
                (VideoCaptureProperties.FrameWidth, 640),
                (VideoCaptureProperties.FrameHeight, 480),
                (VideoCaptureProperties.Fps, 30),
                (VideoCaptureProperties.ConvertRgb, 0),
            ],
            camera.Asked
        );
    }

    [Theory]
    [InlineData("MJPG")]
    [InlineData("NV12")]
    public void Every_other_format_is_left_to_OpenCV_to_convert(string format)
    {
        var camera = new ScriptedCamera(format, 15);

        var granted = CameraDevice.Negotiate(new CameraOptions(), camera.Get, camera.Set);

        Assert.Equal(new CameraDevice.Granted(format, 15, PixelLayout.Bgr), granted);
        Assert.DoesNotContain(camera.Asked, asked => asked.Property == VideoCaptureProperties.ConvertRgb);
    }

    [Fact]
    public void Raw_frames_that_can_not_be_had_raw_are_BGR()
    {
        var camera = new ScriptedCamera("YUYV", -1) { RefusesRaw = true };

        Assert.Equal(
            new CameraDevice.Granted("YUYV", 0, PixelLayout.Bgr),
            CameraDevice.Negotiate(new CameraOptions(), camera.Get, camera.Set)
        );
    }

    [Fact]
    public void The_serial_number_is_that_of_the_device_behind_the_interface()
    {
        // As in sysfs: class/videoN links to devices/<device>/<interface>/video4linux/videoN, whose link "device" leads to the interface.
        _folder.Write("devices/usb1/1-2/serial", "8A5F21CF\n");
        var classFolder = Directory.CreateDirectory(Path.Combine(_folder.Path, "class", "video4linux")).FullName;
        foreach (var (node, device) in new[] { ("video4", "1-2"), ("video5", "1-3") })
        {
            var home = $"devices/usb1/{device}/{device}:1.0/video4linux/{node}";
            Directory.CreateDirectory(Path.Combine(_folder.Path, home));
            Directory.CreateSymbolicLink(Path.Combine(_folder.Path, home, "device"), $"../../../{device}:1.0");
            Directory.CreateSymbolicLink(Path.Combine(classFolder, node), $"../../{home}");
            _folder.Write($"dev/{node}", "");
        }

        var link = Path.Combine(_folder.Path, "dev", "usb-046d_C920-video-index0");
        File.CreateSymbolicLink(link, "video4");

        Assert.Equal("8A5F21CF", CameraDevice.SerialOf(Path.Combine(_folder.Path, "dev", "video4"), classFolder));
        Assert.Equal("8A5F21CF", CameraDevice.SerialOf(link, classFolder));
        Assert.Null(CameraDevice.SerialOf(Path.Combine(_folder.Path, "dev", "video5"), classFolder));
        Assert.Null(CameraDevice.SerialOf(Path.Combine(_folder.Path, "dev", "video6"), classFolder));
    }

    private sealed class ScriptedCamera(string format, double fps)
    {
        public bool RefusesRaw { get; init; }

        public List<(VideoCaptureProperties Property, double Value)> Asked { get; } = [];

        public double Get(VideoCaptureProperties property) => property == VideoCaptureProperties.FourCC ? VideoWriter.FourCC(format) : fps;

        public bool Set(VideoCaptureProperties property, double value)
        {
            Asked.Add((property, value));
            return !(RefusesRaw && property == VideoCaptureProperties.ConvertRgb);
        }
    }
}
