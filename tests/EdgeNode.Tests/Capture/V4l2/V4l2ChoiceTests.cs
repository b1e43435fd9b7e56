using FaceLandmark.Capture;
using FaceLandmark.Capture.V4l2;

namespace FaceLandmark.Tests.Capture.V4l2;

public sealed class V4l2ChoiceTests
{
    private static readonly V4l2Offer s_bayer = new(CameraDevice.TextToFourCc("BA81"), [new(640, 480, 30)]);
    private static readonly V4l2Offer s_yuyv = new(Videodev2.FormatYuyv, [new(640, 480, 30), new(1280, 720, 10)]);
    private static readonly V4l2Offer s_nv12 = new(Videodev2.FormatNv12, [new(320, 240, 30)]);
    private static readonly V4l2Offer s_mjpg = new(Videodev2.FormatMjpg, [new(1280, 720, 30), new(1920, 1080, 30)]);

    [Theory]
    [InlineData("YUYV", 1280, 720, 30, Videodev2.FormatYuyv, 1280, 720)] // as configured, though only MJPG has the rate
    [InlineData("mjpg", 1280, 720, 30, Videodev2.FormatMjpg, 1280, 720)]
    [InlineData("MJPG", 640, 480, 30, Videodev2.FormatMjpg, 1280, 720)] // the nearest size
    public void The_configured_format_is_taken_if_it_is_offered(
        string asked,
        int width,
        int height,
        double fps,
        uint format,
        int w,
        int h
    ) =>
        Assert.Equal((format, w, h), V4l2Choice.Of([s_bayer, s_mjpg, s_yuyv], Asked(asked, width, height, fps)));

    [Theory]
    [InlineData(640, 480, 30, Videodev2.FormatYuyv)]
    [InlineData(1280, 720, 30, Videodev2.FormatMjpg)] // YUYV is too slow
    [InlineData(1280, 720, 10, Videodev2.FormatYuyv)] // and now it is not, and costs less
    [InlineData(100, 100, 30, Videodev2.FormatYuyv)] // none has it
    public void Otherwise_the_cheapest_that_has_size_and_rate(int width, int height, double fps, uint format) =>
        Assert.Equal(format, V4l2Choice.Of([s_mjpg, s_yuyv], Asked("NV12", width, height, fps))!.Value.Format);

    [Fact]
    public void A_format_that_tells_no_sizes_is_asked_for_the_configured_one() =>
        Assert.Equal(
            (Videodev2.FormatNv12, 800, 600),
            V4l2Choice.Of([new V4l2Offer(Videodev2.FormatNv12, [])], Asked("YUYV", 800, 600, 30))
        );

    [Fact]
    public void A_camera_without_colours_is_better_than_none_and_worse_than_any_other()
    {
        var grey = new V4l2Offer(Videodev2.FormatGrey, [new(640, 480, 30)]);

        Assert.Equal(Videodev2.FormatGrey, V4l2Choice.Of([s_bayer, grey], new CameraOptions())!.Value.Format);
        Assert.Equal(Videodev2.FormatMjpg, V4l2Choice.Of([grey, s_mjpg], Asked("YUYV", 1280, 720, 30))!.Value.Format);
    }

    [Fact]
    public void Nothing_that_is_understood_gives_nothing() => Assert.Null(V4l2Choice.Of([s_bayer], new CameraOptions()));

    [Fact]
    public void Offers_are_told_for_people()
    {
        Assert.Equal("YUYV 640x480 at 30, 1280x720 at 10", s_yuyv.ToString());
        Assert.Equal("NV12", new V4l2Offer(Videodev2.FormatNv12, []).ToString());
        Assert.Equal("NV12 16x16 to 4096x4096", (s_nv12 with { Range = "16x16 to 4096x4096" }).ToString());
        var many = Enumerable.Range(1, 14).Select(i => new V4l2Size(i, i, 0)).ToList();
        Assert.EndsWith("12x12 and 2 more", new V4l2Offer(Videodev2.FormatNv12, many).ToString(), StringComparison.Ordinal);
    }

    private static CameraOptions Asked(string format, int width, int height, double fps) =>
        new()
        {
            Format = format,
            Width = width,
            Height = height,
            Fps = fps,
        };
}
