using FaceLandmark.Capture;
using FaceLandmark.Capture.V4l2;

namespace FaceLandmark.Tests.Capture;

public sealed class CameraSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("97", "/dev/video97")]
    [InlineData("/dev/video97", "/dev/video97")]
    [InlineData("/dev/v4l/by-id/usb-none-video-index0", "/dev/v4l/by-id/usb-none-video-index0")]
    public void A_camera_that_is_not_there_is_unplugged(string source, string path)
    {
        var error = Assert.Throws<SourceException>(() => new CameraSource(new CameraOptions { Source = source }));

        Assert.Equal(CameraCondition.Unplugged, error.Condition);
        Assert.StartsWith($"Camera '{path}' does not exist; plug it in, or", error.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("/dev/null")] // knows no such call
    [InlineData("/dev/zero")]
    public void A_device_that_is_no_camera_fails_with_a_sentence(string path)
    {
        var error = Assert.Throws<SourceException>(() => new CameraSource(new CameraOptions { Source = path }));

        Assert.Equal(CameraCondition.Failed, error.Condition);
        Assert.Equal($"'{path}' is not a camera; name one (ls -l /dev/v4l/by-id shows the cameras).", error.Message);
    }

    [Fact]
    public void A_time_stamp_of_the_drivers_clock_tells_the_age()
    {
        var before = Now();
        var age = CameraSource.Age(Stamped(before - TimeSpan.FromSeconds(5), Videodev2.BufferTimestampMonotonic));

        Assert.InRange(age, TimeSpan.FromSeconds(4.99), TimeSpan.FromSeconds(5.01) + Now() - before);
    }

    [Theory]
    [InlineData(5, 0)] // of no known clock
    [InlineData(5, 0x4000)] // copied from somewhere
    [InlineData(-600, Videodev2.BufferTimestampMonotonic)] // to come
    [InlineData(3600, Videodev2.BufferTimestampMonotonic)] // too old to be true
    public void Any_other_time_stamp_tells_nothing(double secondsAgo, uint flags) =>
        Assert.Equal(TimeSpan.Zero, CameraSource.Age(Stamped(Now() - TimeSpan.FromSeconds(secondsAgo), flags)));

    private static TimeSpan Now() => System.Diagnostics.Stopwatch.GetElapsedTime(0);

    private static Videodev2.Buffer Stamped(TimeSpan at, uint flags) =>
        new()
        {
            Flags = flags,
            Seconds = (long)Math.Floor(at.TotalSeconds),
            Microseconds = (long)((at.TotalSeconds - Math.Floor(at.TotalSeconds)) * 1e6),
        };

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
}
