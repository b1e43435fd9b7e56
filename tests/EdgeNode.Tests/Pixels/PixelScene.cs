using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Pixels;

/// <summary>Frames to read from, the same in every process.</summary>
internal static unsafe class PixelScene
{
    /// <summary>Soft waves of colour with noise on them, so that neither a place nor a weight that is wrong goes unseen.</summary>
    public static Frame Rent(FramePool pool, int width, int height, PixelLayout layout)
    {
        var frame = pool.Rent(width, height, layout);
        var noise = new Random(98);
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; i < frame.Stride; i++)
                frame.Data[(y * frame.Stride) + i] = (byte)((i * 3 % 256 + y * 5 + noise.Next(-40, 40)) & 255);
        }

        return frame;
    }

    /// <summary>The whole frame as OpenCV makes it RGB.</summary>
    public static Mat Rgb(Frame frame)
    {
        var rgb = new Mat();
        var isYuy2 = frame.Layout == PixelLayout.Yuy2;
        using var raw = Mat.FromPixelData(
            frame.Height,
            frame.Width,
            isYuy2 ? MatType.CV_8UC2 : MatType.CV_8UC3,
            frame.Address,
            frame.Stride
        );
        Cv2.CvtColor(raw, rgb, isYuy2 ? ColorConversionCodes.YUV2RGB_YUY2 : ColorConversionCodes.BGR2RGB);
        return rgb;
    }

    /// <summary>
    /// The largest difference between a picture of OpenCV's and rows that are read, in levels, and the share of values that differ.
    /// </summary>
    public static (int Most, double Share) Difference(Mat rgb, Action<int> read, FaceLandmark.Pixels.PlaneRow row)
    {
        var (most, differing) = (0, 0);
        var (rows, values) = (rgb.Rows, 3 * rgb.Cols);
        for (var y = 0; y < rows; y++)
        {
            read(y);
            var pixels = (byte*)rgb.Ptr(y);
            for (var i = 0; i < values; i++)
            {
                var difference = Math.Abs(pixels[i] - row[i % 3][i / 3]);
                (most, differing) = (Math.Max(most, difference), differing + (difference > 0 ? 1 : 0));
            }
        }

        return (most, differing / ((double)values * rows));
    }
}
