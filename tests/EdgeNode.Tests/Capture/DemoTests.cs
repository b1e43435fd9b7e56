using System.Diagnostics;
using FaceLandmark.Capture;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

public sealed class DemoTests : IDisposable
{
    private const ColorConversionCodes BgrToYuy2 = (ColorConversionCodes)148; // OpenCvSharp has no name for it

    private static readonly CameraOptions s_camera = new() { Fps = 25 };

    private readonly FramePool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_frame_depends_on_its_number_alone()
    {
        var one = new DemoMovie(TempFolder.Demo, 640, 480, 30);
        var other = new DemoMovie(TempFolder.Demo, 640, 480, 30);

        foreach (var index in new long[] { 0, 1, 90, 179, 180, 5_000, 123_456_789_012 })
        {
            using var _ = one.Render(index / 2, _pool);
            using var a = one.Render(index, _pool);
            using var b = other.Render(index, _pool);
            Assert.True(a.Data.SequenceEqual(b.Data));
        }
    }

    [Fact]
    public void The_picture_moves_within_a_shot_and_changes_at_a_cut()
    {
        var movie = new DemoMovie(TempFolder.Demo, 640, 480, 30);

        Assert.InRange(Difference(movie, 90, 91), 0.2, 12);
        Assert.True(Difference(movie, 179, 180) > 20);
    }

    [Fact]
    public void A_photograph_moves_another_way_when_its_turn_comes_again()
    {
        var movie = new DemoMovie(TempFolder.Demo, 640, 480, 30);

        Assert.True(Difference(movie, 90, 90 + (6 * 180)) > 2);
    }

    [Fact]
    public void The_first_frame_waits_for_its_own_photograph_alone_and_a_damaged_one_is_named_when_its_turn_comes()
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(TempFolder.Demo, "sample1.jpg"), Path.Combine(folder.Path, "a.jpg"));
        folder.Write("b.jpg", "damaged");
        var movie = new DemoMovie(folder.Path, 640, 480, 30);

        movie.Render(179, _pool).Dispose();
        Assert.Contains("b.jpg", Assert.Throws<SourceException>(() => movie.Render(180, _pool)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(320, 240)]
    [InlineData(1280, 720)]
    [InlineData(100, 400)]
    [InlineData(16, 16)]
    public void Any_size_can_be_made(int width, int height)
    {
        var movie = new DemoMovie(TempFolder.Demo, width, height, 30);
        using var frame = movie.Render(100, _pool);

        Assert.Equal((width, height, PixelLayout.Yuy2), (frame.Width, frame.Height, frame.Layout));
        Assert.True(Deviation(frame) > 10);
    }

    [Fact]
    public void The_first_frame_shows_a_whole_photograph_in_its_colours()
    {
        var movie = new DemoMovie(TempFolder.Demo, 640, 480, 30);
        using var frame = movie.Render(0, _pool);
        using var yuy2 = Mat.FromPixelData(480, 640, MatType.CV_8UC2, frame.Address);
        using var shown = new Mat();
        Cv2.CvtColor(yuy2, shown, ColorConversionCodes.YUV2BGR_YUY2);

        // 1920x1280 is wider than 4:3: 1707 columns from the middle.
        using var photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample1.jpg"));
        using var middle = new Mat(photograph, new Rect((1920 - 1707) / 2, 0, 1707, 1280));
        using var expected = new Mat();
        Cv2.Resize(middle, expected, new Size(640, 480), 0, 0, InterpolationFlags.Area);
        using var difference = new Mat();
        Cv2.Absdiff(shown, expected, difference);
        var mean = Cv2.Mean(difference);
        Assert.True(mean.Val0 < 5 && mean.Val1 < 5 && mean.Val2 < 5, $"mean difference {mean}");
    }

    [Fact]
    public void The_conversion_to_YUY2_comes_back_within_three_steps()
    {
        // Colours in pairs of pixels, as YUY2 keeps one colour for two.
        var colours = new byte[64 * 32 * 3];
        new Random(1).NextBytes(colours);
        using var half = Mat.FromPixelData(64, 32, MatType.CV_8UC3, colours);
        using var bgr = new Mat();
        Cv2.Resize(half, bgr, new Size(64, 64), 0, 0, InterpolationFlags.Nearest);
        using var picture = Locate.Photograph.Bgr(_pool, bgr);
        using var shown = _pool.Rent(64, 64, PixelLayout.Yuy2);

        new DemoPhotograph(picture).Show(0, 0, 1, shown);

        using var yuy2 = Mat.FromPixelData(64, 64, MatType.CV_8UC2, shown.Address);
        using var back = new Mat();
        using var expected = new Mat();
        Cv2.CvtColor(yuy2, back, ColorConversionCodes.YUV2BGR_YUY2);
        Assert.InRange(Cv2.Norm(bgr, back, NormTypes.INF), 0, 3);
        Cv2.CvtColor(bgr, expected, BgrToYuy2);
        Assert.InRange(Cv2.Norm(expected, yuy2, NormTypes.INF), 0, 1);
    }

    [Theory]
    [InlineData(0, 0, 0.7)]
    [InlineData(40.3, 21.9, 0.9)]
    [InlineData(-2, 3.5, 1.3)]
    public void A_view_is_what_OpenCV_warps(double left, double top, double step)
    {
        using var smooth = new Mat();
        using (var photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample1.jpg"), ImreadModes.ReducedColor4))
            Cv2.GaussianBlur(photograph, smooth, new Size(9, 9), 0);
        using var picture = Locate.Photograph.Bgr(_pool, smooth);
        using var frame = _pool.Rent(320, 240, PixelLayout.Yuy2);

        new DemoPhotograph(picture).Show(left, top, step, frame);

        using var map = Mat.FromPixelData(2, 3, MatType.CV_64FC1, new[] { step, 0, left, 0, step, top });
        using var expected = new Mat();
        Cv2.WarpAffine(
            smooth,
            expected,
            map,
            new Size(320, 240),
            InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap,
            BorderTypes.Replicate
        );
        using var yuy2 = Mat.FromPixelData(240, 320, MatType.CV_8UC2, frame.Address);
        using var shown = new Mat();
        using var difference = new Mat();
        Cv2.CvtColor(yuy2, shown, ColorConversionCodes.YUV2BGR_YUY2);
        Cv2.Absdiff(shown, expected, difference);
        var mean = Cv2.Mean(difference);
        Assert.True(mean.Val0 < 1.5 && mean.Val1 < 1.5 && mean.Val2 < 1.5, $"mean difference {mean}");
    }

    [Fact]
    public void A_frame_costs_a_fraction_of_decoding_a_photograph()
    {
        var movie = new DemoMovie(TempFolder.Demo, 640, 480, 30);
        var photographs = Directory.GetFiles(TempFolder.Demo, "*.jpg");
        var (frames, decodings) = (new List<double>(), new List<double>());
        for (var i = 0; i < 24; i++) // in turns, so that other work of the machine meets both
        {
            frames.Add(Milliseconds(() => movie.Render(i * 7, _pool).Dispose()));
            var photograph = photographs[i % photographs.Length];
            decodings.Add(Milliseconds(() => PictureFile.Decode(photograph, _pool, pixelsHighAtLeast: 600).Dispose()));
        }

        var (frame, decoding) = (frames.Min(), decodings.Min()); // the least: what other work of the machine added least to
        TestContext.Current.TestOutputHelper?.WriteLine($"frame {frame:0.00} ms, decoding {decoding:0.00} ms");
        Assert.True(frame < 0.5 * decoding, $"A frame takes {frame:0.00} ms, decoding a photograph {decoding:0.00} ms.");

        static double Milliseconds(Action work)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    [Fact]
    public async Task Frames_come_when_they_are_due()
    {
        var time = new WatchedTimeProvider();
        using var source = new DemoSource(TempFolder.Demo, s_camera, time);
        var movie = new DemoMovie(TempFolder.Demo, 640, 480, 25);
        var start = time.GetTimestamp();

        for (var k = 0; k < 4; k++)
        {
            using var frame = await ReadAsync(source, time);
            Assert.Equal(k * 40, time.GetElapsedTime(start).TotalMilliseconds);
            AssertIsFrame(movie, k, frame);
        }
    }

    [Fact]
    public async Task A_late_reader_gets_the_frame_that_is_due_and_no_burst()
    {
        var time = new WatchedTimeProvider();
        using var source = new DemoSource(TempFolder.Demo, s_camera, time);
        var movie = new DemoMovie(TempFolder.Demo, 640, 480, 25);
        var start = time.GetTimestamp();

        time.Advance(TimeSpan.FromMilliseconds(10_010));
        using var late = source.Read(_pool, TestContext.Current.CancellationToken);
        AssertIsFrame(movie, 250, late!);
        using var next = await ReadAsync(source, time);
        AssertIsFrame(movie, 251, next);
        Assert.Equal(10_040, time.GetElapsedTime(start).TotalMilliseconds);
    }

    [Fact]
    public async Task A_wait_ends_with_the_token_and_leaks_no_frame()
    {
        using var source = new DemoSource(TempFolder.Demo, s_camera, new FakeTimeProvider());
        source.Read(_pool, TestContext.Current.CancellationToken)!.Dispose();
        using var stop = new CancellationTokenSource();

        var read = Task.Run(() => source.Read(_pool, stop.Token), TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void An_odd_width_loses_a_column()
    {
        using var source = new DemoSource(TempFolder.Demo, s_camera with { Width = 321, Height = 241 }, TimeProvider.System);
        using var frame = source.Read(_pool, TestContext.Current.CancellationToken);

        Assert.Equal((320, 241), (source.Info.Width, source.Info.Height));
        Assert.Equal((320, 241), (frame!.Width, frame.Height));
    }

    private Task<Frame> ReadAsync(DemoSource source, WatchedTimeProvider time) =>
        time.PassUntilAsync(
            Task.Run(() => source.Read(_pool, TestContext.Current.CancellationToken)!, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );

    private void AssertIsFrame(DemoMovie movie, long index, Frame frame)
    {
        using var expected = movie.Render(index, _pool);
        Assert.True(frame.Data.SequenceEqual(expected.Data), $"this is not frame {index}");
    }

    private double Difference(DemoMovie movie, long a, long b)
    {
        using var first = movie.Render(a, _pool);
        using var second = movie.Render(b, _pool);
        long sum = 0;
        for (var i = 0; i < first.Data.Length; i += 2)
            sum += Math.Abs(first.Data[i] - second.Data[i]);
        return sum * 2.0 / first.Data.Length;
    }

    private static double Deviation(Frame frame)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC2, frame.Address);
        Cv2.MeanStdDev(picture, out _, out var deviation);
        return deviation.Val0;
    }
}
