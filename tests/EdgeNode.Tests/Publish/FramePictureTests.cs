using FaceLandmark.Capture;
using FaceLandmark.Publish;
using FaceLandmark.Tests.Locate;
using OpenCvSharp;

namespace FaceLandmark.Tests.Publish;

/// <summary>OpenCV is the oracle, and TurboJPEG and Skia have to agree.</summary>
public sealed class FramePictureTests : IDisposable
{
    private readonly FramePool _pool = new();
    private readonly FramePicture _picture = new();
    private readonly FramePicture _skia = new(byTurboJpeg: false);
    private readonly Mat _photograph = Cv2.ImRead(Photograph.PathOf(4), ImreadModes.ReducedColor2);

    public void Dispose()
    {
        _photograph.Dispose();
        _picture.Dispose();
        _skia.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(false, 640, 480)]
    [InlineData(true, 640, 480)]
    [InlineData(false, 333, 251)]
    [InlineData(true, 332, 251)]
    public void A_JPEG_of_its_own_size_is_the_one_that_OpenCV_writes(bool isYuy2, int width, int height)
    {
        using var bgr = new Mat();
        Cv2.Resize(_photograph, bgr, new Size(width, height), 0, 0, InterpolationFlags.Area);
        using var frame = isYuy2 ? Photograph.Yuy2(_pool, bgr) : Photograph.Bgr(_pool, bgr);
        if (isYuy2)
        {
            using var yuy2 = Mat.FromPixelData(height, width, MatType.CV_8UC2, frame.Address);
            Cv2.CvtColor(yuy2, bgr, ColorConversionCodes.YUV2BGR_YUY2);
        }

        foreach (var quality in new[] { 30, 80, 92 })
        {
            _picture.Take(frame);
            var jpeg = _picture.ToJpeg(quality).ToArray();
            var expected = bgr.ToBytes(".jpg", [(int)ImwriteFlags.JpegQuality, quality]);
            Assert.InRange(jpeg.Length, expected.Length * 0.8, expected.Length * 1.01); // Skia fits its codes to the picture
            AssertNear(expected, jpeg, 3, 0.05);
            _skia.Take(frame);
            AssertNear(jpeg, _skia.ToJpeg(quality).ToArray(), 0, 0);
        }
    }

    [Theory]
    [InlineData(960, 640, 0.5f)]
    [InlineData(960, 640, 0.3334f)]
    [InlineData(641, 479, 0.998f)]
    [InlineData(700, 500, 0.71f)]
    [InlineData(50, 40, 0.03f)]
    public void Smaller_pictures_are_means_of_areas(int width, int height, float scale)
    {
        using var bgr = new Mat();
        Cv2.Resize(_photograph, bgr, new Size(width, height), 0, 0, InterpolationFlags.Area);
        using var frame = Photograph.Bgr(_pool, bgr);
        using var expected = new Mat();
        Cv2.Resize(
            bgr,
            expected,
            new Size(Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale))),
            0,
            0,
            InterpolationFlags.Area
        );

        _picture.Take(frame, scale);

        AssertNear(expected.ToBytes(".jpg", [(int)ImwriteFlags.JpegQuality, 100]), _picture.ToJpeg(100).ToArray(), 6, 0.5);
    }

    private static void AssertNear(byte[] expected, byte[] actual, double most, double mean)
    {
        using var one = Cv2.ImDecode(expected, ImreadModes.Color);
        using var other = Cv2.ImDecode(actual, ImreadModes.Color);
        Assert.Equal((one.Cols, one.Rows), (other.Cols, other.Rows));
        Assert.InRange(Cv2.Norm(one, other, NormTypes.INF), 0, most);
        Assert.InRange(Cv2.Norm(one, other, NormTypes.L1) / (3.0 * one.Rows * one.Cols), 0, mean);
    }
}
