using FaceLandmark.Capture;

namespace FaceLandmark.Tests.Capture;

public sealed class VideoFileSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FramePool _pool = new();

    public VideoFileSourceTests() => OpenCvLog.Silence();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void Every_frame_comes_once_and_then_the_end()
    {
        using var source = new VideoFileSource(_folder.Video("v.avi", 9), loop: false);

        var greys = Greys(source, 20);

        Assert.Equal(9, greys.Count);
        for (var i = 0; i < 9; i++)
            Assert.InRange(greys[i], 20 + (10 * i) - 2, 20 + (10 * i) + 2);
        Assert.Equal(
            (64, 48, 25.0, PixelLayout.Bgr, false),
            (source.Info.Width, source.Info.Height, source.Info.Fps, source.Info.Layout, source.Info.IsLive)
        );
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void With_loop_the_first_frame_follows_the_last()
    {
        using var source = new VideoFileSource(_folder.Video("v.avi", 3), loop: true);

        var greys = Greys(source, 8);

        Assert.Equal(8, greys.Count);
        for (var i = 0; i < 8; i++)
            Assert.InRange(greys[i], 20 + (10 * (i % 3)) - 2, 20 + (10 * (i % 3)) + 2);
    }

    [Fact]
    public void A_name_with_a_colon_is_still_a_file()
    {
        var path = Path.Combine(_folder.Path, "rtsp:clip.avi");
        File.Move(_folder.Video("v.avi", 2), path);
        using var source = new VideoFileSource(path, loop: false);

        Assert.Equal(2, Greys(source, 5).Count);
    }

    [Theory]
    [InlineData("This is a text file.", "can't be read")]
    [InlineData("", "is empty")]
    [InlineData(null, "is not there")]
    public void What_is_no_video_is_refused_with_its_name_and_the_reason(string? content, string reason)
    {
        var path = content is null ? Path.Combine(_folder.Path, "clip.mp4") : _folder.Write("clip.mp4", content);

        var error = Assert.Throws<SourceException>(() => new VideoFileSource(path, loop: true));

        Assert.Contains($"'{path}' {reason}", error.Message, StringComparison.Ordinal);
        Assert.Equal(CameraCondition.Failed, error.Condition);
    }

    [Fact]
    public void A_video_cut_off_in_its_first_frame_is_refused()
    {
        var whole = File.ReadAllBytes(_folder.Video("v.avi", 3, 640, 480));

        Assert.Throws<SourceException>(() => new VideoFileSource(_folder.Write("cut.avi", whole[..300]), loop: false));
    }

    private List<int> Greys(VideoFileSource source, int atMost)
    {
        var greys = new List<int>();
        while (greys.Count < atMost && source.Read(_pool, TestContext.Current.CancellationToken) is { } frame)
        {
            using (frame)
                greys.Add(frame.Data[frame.Data.Length / 2]);
        }

        return greys;
    }
}
