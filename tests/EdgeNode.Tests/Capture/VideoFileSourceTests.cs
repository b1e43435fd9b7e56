using System.Diagnostics;
using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class VideoFileSourceTests : IDisposable
{
    private static readonly string[] s_noisy = ["-vf", "noise=alls=40:allf=t", "-pix_fmt", "yuv420p"];
    private readonly TempFolder _folder = new();
    private readonly FramePool _pool = new();

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
            (64, 48, 25.0, PixelLayout.Yuy2, false),
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
    [InlineData("This is a text file.", "cannot be read")]
    [InlineData("", "is empty")]
    [InlineData(null, "does not exist")]
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

    [Fact]
    public void The_colours_of_a_video_are_those_that_OpenCV_decodes()
    {
        using var photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample1.jpg"), ImreadModes.ReducedColor4);
        using var picture = photograph.Resize(new Size(330, 242));
        using var smooth = picture.GaussianBlur(new Size(9, 9), 0);
        var path = Path.Combine(_folder.Path, "colours.avi");
        using (var writer = new VideoWriter(path, FourCC.MJPG, 25, smooth.Size()))
            writer.Write(smooth);
        using var source = new VideoFileSource(path, loop: false);
        using var frame = source.Read(_pool, TestContext.Current.CancellationToken);
        using var capture = new VideoCapture(path);
        using var expected = new Mat();
        Assert.True(capture.Read(expected));

        using var raw = Mat.FromPixelData(frame!.Height, frame.Width, MatType.CV_8UC2, frame.Address);
        using var shown = raw.CvtColor(ColorConversionCodes.YUV2BGR_YUY2);
        Assert.Equal((expected.Cols, expected.Rows), (shown.Cols, shown.Rows));
        Assert.InRange(Cv2.Norm(expected, shown, NormTypes.L1) / (3.0 * shown.Rows * shown.Cols), 0, 2);
    }

    [Fact]
    public void An_odd_column_and_row_are_left_out()
    {
        Convert(_folder.Video("v.avi", 3), "odd.mkv", "-vf", "crop=41:33", "-c:v", "ffv1", "-pix_fmt", "yuv444p");
        using var source = new VideoFileSource(Path.Combine(_folder.Path, "odd.mkv"), loop: false);

        Assert.Equal((40, 32), (source.Info.Width, source.Info.Height));
        Assert.Equal(3, Greys(source, 5).Count);
    }

    [Fact]
    public void A_video_that_says_it_is_turned_is_turned()
    {
        var path = Path.Combine(_folder.Path, "turned.mp4");
        Convert(_folder.Video("v.avi", 3), "plain.mp4", "-c:v", "mpeg4");
        Convert(Path.Combine(_folder.Path, "plain.mp4"), "turned.mp4", "-metadata:s:v:0", "rotate=90", "-c", "copy");
        using var source = new VideoFileSource(path, loop: false);

        Assert.Equal((48, 64), (source.Info.Width, source.Info.Height));
    }

    [Fact]
    [Trait("Category", "reliability")]
    public void A_video_that_breaks_off_gives_its_frames_and_then_ends()
    {
        var whole = File.ReadAllBytes(_folder.Video("v.avi", 12, 320, 240));
        using var source = new VideoFileSource(_folder.Write("cut.avi", whole[..(whole.Length / 2)]), loop: false);

        Assert.InRange(Greys(source, 20).Count, 1, 11);
    }

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData("damaged.ts")]
    [InlineData("damaged.mkv")]
    public void A_film_in_H264_that_is_damaged_in_the_middle_gives_what_can_be_read_of_it(string name)
    {
        Convert(_folder.Video("v.avi", 12, 320, 240), name, [.. s_noisy, "-c:v", "libx264", "-preset", "ultrafast", "-g", "4"]);
        var path = Path.Combine(_folder.Path, name);
        var bytes = File.ReadAllBytes(path);
        for (var i = bytes.Length / 3; i < bytes.Length / 2; i += 2)
            bytes[i] ^= 0x5A;
        File.WriteAllBytes(path, bytes);
        using var source = new VideoFileSource(path, loop: false);

        Assert.InRange(Greys(source, 40).Count, 4, 12);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_decoder_that_gives_up_is_a_failure_with_its_reason()
    {
        var program = _folder.Write(
            "program",
            "#!/bin/sh\nprintf 'YUV4MPEG2 W2 H2 F25:1\\nFRAME\\n123456'; echo 'Error while decoding' >&2; exit 69\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = _folder.Write("clip.mp4", "anything");
        using var source = new VideoFileSource(path, loop: false, program);
        source.Read(_pool, TestContext.Current.CancellationToken)!.Dispose();

        var error = Assert.Throws<SourceException>(() => source.Read(_pool, TestContext.Current.CancellationToken));

        Assert.Equal($"Video '{path}' breaks off after 1 frame (Error while decoding): it is damaged; copy it again.", error.Message);
    }

    [Fact]
    public void Without_ffmpeg_the_remedy_is_to_install_it()
    {
        var error = Assert.Throws<SourceException>(() => new VideoFileSource(_folder.Video("v.avi", 1), loop: false, "/nowhere/ffmpeg"));

        Assert.Contains("v.avi' needs the program '/nowhere/ffmpeg', which is not installed", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install ffmpeg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_playlist_does_not_make_the_node_call_a_server()
    {
        var path = _folder.Write("list.m3u8", "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n");

        var error = Assert.Throws<SourceException>(() => new VideoFileSource(path, loop: false));

        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Connection refused", error.Message, StringComparison.Ordinal);
    }

    private void Convert(string from, string name, params string[] options)
    {
        using var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-y", "-i", from, .. options, Path.Combine(_folder.Path, name)]);
        ffmpeg.WaitForExit();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    private List<int> Greys(VideoFileSource source, int atMost)
    {
        var greys = new List<int>();
        while (greys.Count < atMost && source.Read(_pool, TestContext.Current.CancellationToken) is { } frame)
        {
            using (frame)
                greys.Add(Grey.Of(frame));
        }

        return greys;
    }
}
