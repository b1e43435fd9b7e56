using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;
using OpenCvSharp;

namespace FaceLandmark.Tests.Preprocess;

public sealed class CpuPreprocessorTests : IDisposable
{
    private const int Size = 64;
    private static readonly ModelCard s_card = new()
    {
        Name = "m",
        File = "m.onnx",
        InputSize = Size,
    };
    private readonly FramePool _pool = new();
    private readonly CpuPreprocessor _preprocessor = new(s_card);
    private readonly FaceTensor _tensor = new(Size, 98);

    public void Dispose()
    {
        _tensor.Dispose();
        _preprocessor.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void A_plain_colour_is_standardised_by_channel_in_the_order_red_green_blue()
    {
        using var frame = Bgr(100, 80, (_, _) => (10, 20, 30));
        _preprocessor.Prepare(frame, new Region(5, 5, 40, 40), _tensor);
        float[] expected = [((30 / 255f) - 0.485f) / 0.229f, ((20 / 255f) - 0.456f) / 0.224f, ((10 / 255f) - 0.406f) / 0.225f];
        for (var channel = 0; channel < 3; channel++)
        {
            foreach (var value in Plane(channel))
                Assert.Equal(expected[channel], value, 1e-4f);
        }
    }

    [Fact]
    public void Every_pixel_agrees_with_the_bilinear_formula()
    {
        using var frame = Bgr(97, 83, (x, y) => ((byte)(2 * x), (byte)(3 * y), (byte)(x + y)));
        var region = new Region(7, 9, 51, 51);
        _preprocessor.Prepare(frame, region, _tensor);
        var worst = 0f;
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                // Centres of pixels on centres of pixels, clamped at the region's edge.
                var sourceX = Math.Clamp(((x + 0.5f) * 51 / Size) - 0.5f, 0, 50);
                var sourceY = Math.Clamp(((y + 0.5f) * 51 / Size) - 0.5f, 0, 50);
                var red = (region.X + sourceX + region.Y + sourceY) / 255;
                worst = Math.Max(worst, Math.Abs(red - Colour(0, x, y)));
            }
        }

        Assert.InRange(worst, 0, 1.01f / 255); // one step of 8 bits
    }

    [Theory]
    [InlineData(30, PixelLayout.Bgr)]
    [InlineData(-75, PixelLayout.Bgr)]
    [InlineData(180, PixelLayout.Bgr)]
    [InlineData(40, PixelLayout.Yuy2)]
    internal void Every_pixel_of_a_turned_region_is_where_landmarks_are_projected_to(float degrees, PixelLayout layout)
    {
        using var bgr = Bgr(120, 110, (x, y) => ((byte)(x + y), (byte)(x + y), (byte)(x + y)));
        using var yuy2 = Grey(bgr);
        var region = new Region(41, 37, 40, 40, degrees);
        _preprocessor.Prepare(layout == PixelLayout.Bgr ? bgr : yuy2, region, _tensor);
        var (worst, place) = (0f, new float[2]);
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                FaceLandmark.Postprocess.LandmarkProjection.Project([(x + 0.5f) / Size, (y + 0.5f) / Size], region, place);
                worst = Math.Max(worst, Math.Abs(((place[0] + place[1] - 1) / 255) - Colour(0, x, y)));
            }
        }

        Assert.InRange(worst, 0, 2.5f / 255); // steps of 8 bits, and of 1/32 of a pixel in OpenCV's warp; YUY2 rounds once more
    }

    [Fact]
    public void A_turned_region_is_black_outside_the_frame()
    {
        using var frame = Bgr(100, 80, (_, _) => (255, 255, 255));
        var place = new float[2];
        foreach (var region in new[] { new Region(-30, -20, 64, 64, 45), new Region(80, 60, 64, 64, -30), new Region(500, 0, 64, 64, 20) })
        {
            _preprocessor.Prepare(frame, region, _tensor);
            for (var i = 0; i < Size * Size; i++)
            {
                FaceLandmark.Postprocess.LandmarkProjection.Project(
                    [((i % Size) + 0.5f) / Size, ((i / Size) + 0.5f) / Size],
                    region,
                    place
                );
                var inside = Math.Min(Math.Min(place[0], 100 - place[0]), Math.Min(place[1], 80 - place[1]));
                if (Math.Abs(inside) > 1) // but for the edge itself, which is blended
                    Assert.Equal(inside > 0 ? 1 : 0, Colour(1, i % Size, i / Size), 1e-3f);
            }
        }
    }

    [Theory]
    [InlineData(-20, -20)]
    [InlineData(60, 50)]
    [InlineData(-500, 0)]
    [InlineData(0, 500)]
    public void Outside_the_frame_is_black_and_inside_is_where_it_belongs(int x, int y)
    {
        using var frame = Bgr(100, 80, (_, _) => (255, 255, 255));
        _preprocessor.Prepare(frame, new Region(x, y, 64, 64), _tensor);
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var inside = x + column is >= 0 and < 100 && y + row is >= 0 and < 80;
                Assert.Equal(inside ? 1 : 0, Colour(1, column, row), 1e-3f);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 31)]
    [InlineData(3, 5, 40)]
    [InlineData(-7, 11, 47)]
    [InlineData(33, 21, 64)]
    [InlineData(1, 1, 1)]
    [InlineData(-9, -9, 90)]
    public void Yuy2_gives_the_same_as_OpenCVs_conversion_beforehand(int x, int y, int side)
    {
        using var yuy2 = _pool.Rent(64, 48, PixelLayout.Yuy2);
        var random = new Random(98);
        for (var i = 0; i < yuy2.Data.Length; i++)
            yuy2.Data[i] = (byte)(i % 2 == 0 ? random.Next(80, 180) : random.Next(108, 149)); // colours within the range of RGB
        using var bgr = _pool.Rent(64, 48, PixelLayout.Bgr);
        Convert(yuy2, bgr);

        var region = new Region(x, y, side, side);
        _preprocessor.Prepare(bgr, region, _tensor);
        var expected = _tensor.Input.ToArray();
        _preprocessor.Prepare(yuy2, region, _tensor);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], _tensor.Input[i], 1.01f / 255 / 0.224f); // OpenCV rounds to 8 bits in between
    }

    [Fact]
    public void A_real_picture_gives_what_the_chain_of_OpenCV_gives()
    {
        using var source = new DemoSource(
            Path.Combine(AppContext.BaseDirectory, "assets", "demo"),
            new CameraOptions(),
            TimeProvider.System
        );
        using var frame = source.Read(_pool, TestContext.Current.CancellationToken)!;
        using var bgr = _pool.Rent(frame.Width, frame.Height, PixelLayout.Bgr);
        Convert(frame, bgr);
        foreach (var region in (Region[])[new(101, 57, 300, 300), new(200, 100, 90, 90), new(0, 0, 480, 480)])
        {
            _preprocessor.Prepare(frame, region, _tensor);
            using var whole = Mat.FromPixelData(bgr.Height, bgr.Width, MatType.CV_8UC3, bgr.Address);
            using var cut = whole[new Rect(region.X, region.Y, region.Width, region.Height)];
            using var resized = cut.Resize(new Size(Size, Size));
            double sum = 0,
                worst = 0;
            for (var i = 0; i < Size * Size; i++)
            {
                var pixel = resized.At<Vec3b>(i / Size, i % Size);
                for (var channel = 0; channel < 3; channel++)
                {
                    var difference = Math.Abs((255 * Colour(channel, i % Size, i / Size)) - pixel[2 - channel]);
                    (sum, worst) = (sum + difference, Math.Max(worst, difference));
                }
            }

            Assert.InRange(sum / (3 * Size * Size), 0, 0.6); // levels of 255
            Assert.InRange(worst, 0, 24); // where a colour leaves RGB at an edge
        }
    }

    private static void Convert(Frame yuy2, Frame bgr)
    {
        using var from = Mat.FromPixelData(yuy2.Height, yuy2.Width, MatType.CV_8UC2, yuy2.Address);
        using var to = Mat.FromPixelData(yuy2.Height, yuy2.Width, MatType.CV_8UC3, bgr.Address);
        Cv2.CvtColor(from, to, ColorConversionCodes.YUV2BGR_YUY2);
    }

    private Frame Bgr(int width, int height, Func<int, int, (byte Blue, byte Green, byte Red)> colour)
    {
        var frame = _pool.Rent(width, height, PixelLayout.Bgr);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                (
                    frame.Data[(y * frame.Stride) + (3 * x)],
                    frame.Data[(y * frame.Stride) + (3 * x) + 1],
                    frame.Data[(y * frame.Stride) + (3 * x) + 2]
                ) = colour(x, y);
        }

        return frame;
    }

    private Span<float> Plane(int channel) => _tensor.Input.Slice(channel * Size * Size, Size * Size);

    private float Colour(int channel, int x, int y) => (Plane(channel)[(y * Size) + x] * s_card.Std[channel]) + s_card.Mean[channel];

    /// <summary>A grey picture as YUY2: limited range, without colour.</summary>
    private Frame Grey(Frame bgr)
    {
        var frame = _pool.Rent(bgr.Width, bgr.Height, PixelLayout.Yuy2);
        for (var i = 0; i < bgr.Width * bgr.Height; i++)
            (frame.Data[2 * i], frame.Data[(2 * i) + 1]) = ((byte)Math.Round(16 + (bgr.Data[3 * i] * 219 / 255.0)), 128);
        return frame;
    }
}
