using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Locate;

/// <summary>Frames from the demo photographs.</summary>
internal static class Photograph
{
    /// <summary>OpenCV's COLOR_BGR2YUV_YUY2, which the binding does not name.</summary>
    private const ColorConversionCodes BgrToYuy2 = (ColorConversionCodes)148;

    public static string PathOf(int sample) => Path.Combine(AppContext.BaseDirectory, "assets", "demo", $"sample{sample}.jpg");

    public static Frame Still(FramePool pool, int sample)
    {
        using var picture = Cv2.ImRead(PathOf(sample));
        var frame = Bgr(pool, picture);
        frame.IsStill = true;
        return frame;
    }

    public static Frame Bgr(FramePool pool, Mat picture)
    {
        var frame = pool.Rent(picture.Width, picture.Height, PixelLayout.Bgr);
        using var target = Mat.FromPixelData(picture.Height, picture.Width, MatType.CV_8UC3, frame.Address, frame.Stride);
        picture.CopyTo(target);
        return frame;
    }

    public static Frame Yuy2(FramePool pool, Mat picture)
    {
        var frame = pool.Rent(picture.Width, picture.Height, PixelLayout.Yuy2);
        using var target = Mat.FromPixelData(picture.Height, picture.Width, MatType.CV_8UC2, frame.Address, frame.Stride);
        using var converted = new Mat();
        Cv2.CvtColor(picture, converted, BgrToYuy2);
        converted.CopyTo(target);
        return frame;
    }
}
