using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

/// <summary>The shade in the middle of a frame.</summary>
internal static class Grey
{
    public static int Of(Frame frame)
    {
        using var raw = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC2, frame.Address);
        using var bgr = raw.CvtColor(ColorConversionCodes.YUV2BGR_YUY2);
        return bgr.At<Vec3b>(frame.Height / 2, frame.Width / 2).Item1;
    }
}
