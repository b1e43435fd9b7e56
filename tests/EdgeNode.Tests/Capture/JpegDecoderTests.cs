using FaceLandmark.Capture;
using FaceLandmark.Capture.TurboJpeg;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

/// <summary>OpenCV's decoder is the oracle, and TurboJPEG and Skia have to agree.</summary>
public sealed unsafe class JpegDecoderTests : IDisposable
{
    private const ImwriteFlags SamplingFactor = (ImwriteFlags)7; // IMWRITE_JPEG_SAMPLING_FACTOR; OpenCvSharp has no name for it

    private readonly FramePool _pool = new();
    private readonly JpegDecoder _decoder = new();
    private readonly JpegDecoder _skia = new(byTurboJpeg: false);
    private readonly Mat _photograph = Cv2.ImRead(Path.Combine(TempFolder.Demo, "sample2.jpg"), ImreadModes.ReducedColor4);

    public void Dispose()
    {
        _decoder.Dispose();
        _skia.Dispose();
        _photograph.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(641, 479)]
    [InlineData(7, 3)]
    [InlineData(1, 1)]
    public void Every_size_comes_as_OpenCV_decodes_it(int width, int height)
    {
        AssertAsOpenCv(Jpeg(width, height));
        AssertAsOpenCv(Jpeg(width, height, SamplingFactor, 0x211111)); // 4:2:2, as most cameras
        AssertAsOpenCv(Jpeg(width, height, SamplingFactor, 0x111111));
        AssertAsOpenCv(Jpeg(width, height, ImwriteFlags.JpegRstInterval, 2));
    }

    [Fact]
    public void A_grey_camera_is_understood()
    {
        using var grey = _photograph.CvtColor(ColorConversionCodes.BGR2GRAY);

        AssertAsOpenCv(grey.ToBytes(".jpg"));
    }

    [Fact]
    public void Tables_that_every_decoder_knows_may_be_missing()
    {
        var whole = Jpeg(320, 240);

        AssertAsOpenCv(WithoutTables(whole), whole);
        AssertAsOpenCv(Jpeg(320, 240, ImwriteFlags.JpegOptimize, 1)); // tables of its own, which the next one must not be read by
        AssertAsOpenCv(WithoutTables(whole), whole);
    }

    [Fact]
    public void The_end_marker_may_be_missing_and_anything_may_follow()
    {
        var whole = Jpeg(320, 240);

        AssertAsOpenCv(whole[..^2], whole);
        AssertAsOpenCv([.. whole[..^2], .. new byte[700]], whole);
        AssertAsOpenCv([.. whole, .. new byte[700]], whole);
        AssertAsOpenCv([.. whole[..^2], 0, 7, 0, .. whole[^2..]], whole); // libjpeg warns of these
    }

    [Fact]
    public void What_is_damaged_gives_nothing_and_the_next_picture_comes()
    {
        var whole = Jpeg(320, 240);

        Assert.Null(_decoder.Decode([], _pool));
        Assert.Null(_decoder.Decode("not a picture"u8, _pool));
        Assert.Null(_decoder.Decode(new byte[4096], _pool));
        for (var length = 2; length < whole.Length - 2; length += 331)
            AssertSameBothWays(whole[..length], isWhole: false);
        AssertAsOpenCv(whole);
    }

    [Fact]
    public void No_garbling_makes_it_throw_or_keep_a_frame()
    {
        var random = new Random(5);
        var whole = Jpeg(160, 120);
        for (var i = 0; i < 500; i++)
        {
            var garbled = (byte[])whole.Clone();
            for (var k = 0; k < 1 + (i % 8); k++)
                garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            // Values beyond all pictures are cut off differently by vectors.
            AssertSameBothWays(garbled, hasSamePixels: false);
        }

        AssertAsOpenCv(whole);
    }

    [Fact]
    public void TurboJPEG_decodes_where_it_is_installed()
    {
        // ./test.sh installs it.
        Assert.True(LibTurboJpeg.IsThere);
        var jpeg = Jpeg(64, 48);
        fixed (byte* bytes = jpeg)
        {
            using var frame = TurboJpegDecoder.Decode(bytes, jpeg.Length, _pool, reduceBy: 2);
            Assert.Equal((32, 24), (frame!.Width, frame.Height));
            Assert.Null(TurboJpegDecoder.Decode(bytes, 300, _pool, reduceBy: 1));
        }
    }

    private void AssertSameBothWays(byte[] jpeg, bool? isWhole = null, bool hasSamePixels = true)
    {
        using var frame = _decoder.Decode(jpeg, _pool);
        using var other = _skia.Decode(jpeg, _pool);
        Assert.Equal(isWhole ?? (other is not null), frame is not null);
        Assert.Equal(other?.Width, frame?.Width);
        Assert.Equal(other?.Height, frame?.Height);
        if (frame is not null && hasSamePixels)
            Assert.True(Pixels(other!).SequenceEqual(Pixels(frame)));
    }

    private static ReadOnlySpan<byte> Pixels(Frame frame) => new((void*)frame.Address, frame.Stride * frame.Height);

    private byte[] Jpeg(int width, int height, ImwriteFlags flag = ImwriteFlags.JpegQuality, int value = 90)
    {
        using var picture = new Mat();
        Cv2.Resize(_photograph, picture, new Size(width, height), 0, 0, InterpolationFlags.Area);
        return picture.ToBytes(".jpg", [(int)flag, value]);
    }

    private static byte[] WithoutTables(byte[] jpeg)
    {
        var rest = new List<byte>(jpeg[..2]);
        for (var at = 2; ;)
        {
            var next = at + 2 + (256 * jpeg[at + 2]) + jpeg[at + 3];
            if (jpeg[at + 1] != 0xC4)
                rest.AddRange(jpeg[at..next]);
            var isScan = jpeg[at + 1] == 0xDA;
            at = next;
            if (isScan)
                return [.. rest, .. jpeg[at..]];
        }
    }

    private void AssertAsOpenCv(byte[] jpeg, byte[]? oracle = null)
    {
        AssertSameBothWays(jpeg, isWhole: true);
        using var frame = _decoder.Decode(jpeg, _pool);
        using var expected = Cv2.ImDecode(oracle ?? jpeg, ImreadModes.Color);
        Assert.NotNull(frame);
        Assert.Equal((expected.Cols, expected.Rows, PixelLayout.Bgr), (frame.Width, frame.Height, frame.Layout));
        using var actual = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        Assert.InRange(Cv2.Norm(expected, actual, NormTypes.INF), 0, 2);
    }
}
