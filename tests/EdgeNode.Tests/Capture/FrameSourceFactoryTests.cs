using FaceLandmark.Capture;
using Microsoft.Extensions.Logging.Abstractions;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class FrameSourceFactoryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FrameSourceFactory _factory = new(TimeProvider.System, NullLogger<FrameSourceFactory>.Instance);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("demo", SourceKind.Demo, true)]
    [InlineData("Demo", SourceKind.Demo, true)]
    [InlineData("DEMO", SourceKind.Demo, true)]
    [InlineData("rtsp://host/s", SourceKind.Stream, true)]
    [InlineData("RTSPS://host/s", SourceKind.Stream, true)]
    [InlineData("http://host/s.jpg", SourceKind.Stream, true)]
    [InlineData("https://host/s", SourceKind.Stream, true)]
    [InlineData("/dev/video0", SourceKind.Camera, true)]
    [InlineData("/dev/v4l/by-id/usb-046d_C920-video-index0", SourceKind.Camera, true)]
    [InlineData("0", SourceKind.Camera, true)]
    [InlineData("12", SourceKind.Camera, true)]
    [InlineData("-1", SourceKind.Unknown, false)]
    [InlineData("/dev/shm/no-such.mp4", SourceKind.Unknown, false)]
    [InlineData("no-such.mp4", SourceKind.Unknown, false)]
    [InlineData("", SourceKind.Unknown, false)]
    internal void A_source_means_what_it_looks_like(string source, SourceKind kind, bool isLive)
    {
        Assert.Equal(kind, FrameSourceFactory.KindOf(source));
        Assert.Equal(isLive, FrameSourceFactory.IsLive(source));
    }

    [Fact]
    public void Files_and_folders_are_recognised_when_they_exist()
    {
        Assert.Equal(SourceKind.Folder, FrameSourceFactory.KindOf(_folder.Path));
        Assert.Equal(SourceKind.Picture, FrameSourceFactory.KindOf(_folder.Write("a.JPG", "x")));
        Assert.Equal(SourceKind.Video, FrameSourceFactory.KindOf(_folder.Write("a.mp4", "x")));
    }

    [Fact]
    public void A_live_camera_has_one_frame_ready_and_a_file_two()
    {
        var film = new CameraOptions { Source = _folder.Write("a.mp4", "x") };
        Assert.Equal(1, FrameSourceFactory.FramesReady([new CameraOptions()]));
        Assert.Equal(2, FrameSourceFactory.FramesReady([film]));
        Assert.Equal(4, FrameSourceFactory.FramesReady([new CameraOptions(), film, new CameraOptions()]));
    }

    [Fact]
    public void Each_kind_opens_as_its_source()
    {
        _folder.Picture("a.png", 8, 6, Scalar.Red);
        using var demo = _factory.Open(new CameraOptions());
        using var folder = _factory.Open(new CameraOptions { Source = _folder.Path });
        using var picture = _factory.Open(new CameraOptions { Source = Path.Combine(_folder.Path, "a.png") });
        using var video = _factory.Open(new CameraOptions { Source = _folder.Video("v.avi", 2) });

        Assert.IsType<DemoSource>(demo);
        Assert.IsType<FolderSource>(folder);
        Assert.IsType<FolderSource>(picture);
        Assert.IsType<VideoFileSource>(video);
        Assert.True(demo.Info.IsLive);
        Assert.False(folder.Info.IsLive || picture.Info.IsLive || video.Info.IsLive);
    }

    [Fact]
    public void An_unknown_source_is_named_with_what_is_accepted()
    {
        var error = Assert.Throws<SourceException>(() => _factory.Open(new CameraOptions { Name = "door", Source = "clip.mp4" }));

        Assert.Contains("'clip.mp4' of camera 'door'", error.Message, StringComparison.Ordinal);
        foreach (var accepted in new[] { "demo", "/dev/video0", "by-id", "video file", "folder", "rtsp://", "http(s)://" })
            Assert.Contains(accepted, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_address_is_named_without_its_password()
    {
        var error = Assert.Throws<SourceException>(() => _factory.Open(new CameraOptions { Source = "rtmp://me:secret@host/live" }));

        Assert.Contains("rtmp://***@host/live", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_photographs_the_demo_says_how_to_get_them()
    {
        var factory = new FrameSourceFactory(TimeProvider.System, NullLogger<FrameSourceFactory>.Instance, demoFolder: _folder.Path);

        var error = Assert.Throws<SourceException>(() => factory.Open(new CameraOptions()));

        Assert.Contains("./run.sh", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }
}
