using FaceLandmark.Capture;
using FaceLandmark.Capture.V4l2;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture.V4l2;

/// <summary>Pictures out of drivers' buffers; OpenCV's conversion of NV12 is the oracle.</summary>
public sealed class RawPictureTests : IDisposable
{
    private readonly FramePool _pool = new();

    public void Dispose()
    {
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(640, 480, 0)]
    [InlineData(640, 480, 64)]
    [InlineData(6, 3, 1)]
    public void YUYV_is_taken_row_by_row_without_padding(int width, int height, int padding)
    {
        var format = new V4l2Format(Videodev2.FormatYuyv, width, height, (2 * width) + padding, 30);
        var bytes = Noise(format);

        using var frame = RawPicture.Copy(bytes, format, _pool);

        Assert.Equal((width, height, PixelLayout.Yuy2), (frame.Width, frame.Height, frame.Layout));
        for (var y = 0; y < height; y++)
            Assert.True(frame.Data.Slice(2 * width * y, 2 * width).SequenceEqual(bytes.AsSpan(format.Stride * y, 2 * width)));
    }

    [Theory]
    [InlineData(640, 480, 0)]
    [InlineData(640, 480, 32)]
    [InlineData(646, 482, 10)] // rows that no vector divides
    [InlineData(2, 2, 0)]
    public void NV12_gives_the_colours_that_OpenCV_makes_of_it(int width, int height, int padding)
    {
        var format = new V4l2Format(Videodev2.FormatNv12, width, height, width + padding, 30);
        var bytes = Noise(format);
        var tight = Enumerable.Range(0, height * 3 / 2).SelectMany(y => bytes.Skip(y * format.Stride).Take(width)).ToArray();
        using var nv12 = Mat.FromPixelData(height * 3 / 2, width, MatType.CV_8UC1, tight);
        using var expected = nv12.CvtColor(ColorConversionCodes.YUV2BGR_NV12);

        using var frame = RawPicture.Copy(bytes, format, _pool);

        Assert.Equal(0, Difference(expected, frame));
    }

    [Theory]
    [InlineData(640, 480, 0)]
    [InlineData(646, 482, 10)] // rows that no vector divides
    [InlineData(2, 2, 2)]
    public void YU12_gives_the_colours_that_OpenCV_makes_of_it(int width, int height, int padding)
    {
        var format = new V4l2Format(Videodev2.FormatYu12, width, height, width + padding, 30);
        var bytes = Noise(format);
        // OpenCV takes all planes without padding, one behind the other.
        var planes = format.Stride * height;
        var tight = Enumerable
            .Range(0, height)
            .SelectMany(y => bytes.Skip(y * format.Stride).Take(width))
            .Concat(Enumerable.Range(0, height).SelectMany(y => bytes.Skip(planes + (y * format.ColourStride)).Take(width / 2)))
            .ToArray();
        using var yu12 = Mat.FromPixelData(height * 3 / 2, width, MatType.CV_8UC1, tight);
        using var expected = yu12.CvtColor(ColorConversionCodes.YUV2BGR_I420);

        using var frame = RawPicture.Copy(bytes, format, _pool);

        Assert.Equal(0, Difference(expected, frame));
    }

    [Theory]
    [InlineData(640, 480, 0)]
    [InlineData(646, 3, 10)]
    public void UYVY_gives_the_colours_that_OpenCV_makes_of_it(int width, int height, int padding)
    {
        var format = new V4l2Format(Videodev2.FormatUyvy, width, height, (2 * width) + padding, 30);
        var bytes = Noise(format);
        using var uyvy = Mat.FromPixelData(height, width, MatType.CV_8UC2, bytes, format.Stride);
        using var expected = uyvy.CvtColor(ColorConversionCodes.YUV2BGR_UYVY);

        using var frame = RawPicture.Copy(bytes, format, _pool);

        Assert.Equal(0, Difference(expected, frame));
    }

    [Theory]
    [InlineData(640, 480, 0)]
    [InlineData(646, 3, 10)]
    public void GREY_keeps_its_brightness_to_a_level(int width, int height, int padding)
    {
        var format = new V4l2Format(Videodev2.FormatGrey, width, height, width + padding, 30);
        var bytes = Noise(format);
        using var grey = Mat.FromPixelData(height, width, MatType.CV_8UC1, bytes, format.Stride);
        using var expected = grey.CvtColor(ColorConversionCodes.GRAY2BGR);

        using var frame = RawPicture.Copy(bytes, format, _pool);

        Assert.InRange(Difference(expected, frame), 0, 1);
    }

    [Fact]
    public void An_odd_number_of_rows_has_colours_for_the_last_one()
    {
        var format = new V4l2Format(Videodev2.FormatNv12, 2, 3, 2, 30);

        using var frame = RawPicture.Copy([1, 2, 3, 4, 5, 6, 10, 20, 30, 40], format, _pool);

        Assert.Equal([1, 10, 2, 20, 3, 10, 4, 20, 5, 30, 6, 40], frame.Data.ToArray());
        using var planes = RawPicture.Copy([1, 2, 3, 4, 5, 6, 10, 30, 20, 40], format with { PixelFormat = Videodev2.FormatYu12 }, _pool);
        Assert.Equal(frame.Data.ToArray(), planes.Data.ToArray());
    }

    [Theory]
    [InlineData(Videodev2.FormatYuyv, 8, 30)] // 8 + 8 + 8 + 6
    [InlineData(Videodev2.FormatUyvy, 8, 30)]
    [InlineData(Videodev2.FormatYu12, 4, 24)] // 4 rows of brightness, twice 2 of colours, each with 2 bytes
    [InlineData(Videodev2.FormatGrey, 4, 15)]
    [InlineData(Videodev2.FormatNv12, 4, 23)] // 4 rows of brightness, 2 of colours; of the last row 3 of 4 bytes
    public void A_buffer_too_short_for_its_picture_is_a_bug_of_the_caller(uint pixelFormat, int stride, int least)
    {
        var format = new V4l2Format(pixelFormat, 3, 4, stride, 30);

        Assert.Equal(least, format.LeastBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => RawPicture.Copy(new byte[least - 1], format, _pool));
    }

    private static double Difference(Mat expected, Frame frame)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC2, frame.Address);
        using var got = picture.CvtColor(ColorConversionCodes.YUV2BGR_YUY2);
        return Cv2.Norm(expected, got, NormTypes.INF);
    }

    private static byte[] Noise(in V4l2Format format)
    {
        var bytes = new byte[format.LeastBytes];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
