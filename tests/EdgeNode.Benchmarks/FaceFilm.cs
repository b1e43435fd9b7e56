using FaceLandmark.Capture;
using OpenCvSharp;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// A film of one face of a photograph, which moves as told: frames of 640x480 in YUY2 with the noise of a camera. Where the face is in each
/// frame is known exactly, whatever a network says.
/// </summary>
/// <param name="photograph">BGR, stays the caller's.</param>
/// <param name="centre">Middle of the face in the photograph, pixels.</param>
/// <param name="side">Side of the face in the photograph, pixels.</param>
/// <param name="motion">Where the face is at a time in frames.</param>
internal sealed class FaceFilm(Mat photograph, Point2d centre, double side, Func<double, FacePlace> motion) : IDisposable
{
    /// <summary>Side of the face's box in a frame when it is not scaled, pixels.</summary>
    public const double Side = 150;

    /// <summary>Frames a second.</summary>
    public const double Rate = 30;

    /// <summary>Standard deviation of the noise of each channel, of 255: an indoor picture of a webcam.</summary>
    private const double Noise = 4;

    private const int Width = 640;
    private const int Height = 480;

    // OpenCV's COLOR_BGR2YUV_YUY2, which the binding does not name.
    private const ColorConversionCodes BgrToYuy2 = (ColorConversionCodes)148;

    private readonly Mat _view = new();
    private readonly Mat _noise = new(Height, Width, MatType.CV_16SC3);
    private readonly Mat _noisy = new();
    private readonly Mat _yuy2 = new();

    /// <summary>
    /// From pixels of the photograph to those of the frame at a time in frames, which may lie between two: x' = a x + b y + c,
    /// y' = d x + e y + f.
    /// </summary>
    public double[] Map(double frame)
    {
        var place = motion(frame);
        var scale = place.Scale * Side / side;
        var (sin, cos) = Math.SinCos(place.Degrees * Math.PI / 180);
        var (a, b) = (scale * cos, -scale * sin);
        return
        [
            a,
            b,
            (Width / 2) + place.X - (a * centre.X) - (b * centre.Y),
            -b,
            a,
            (Height / 2) + place.Y + (b * centre.X) - (a * centre.Y),
        ];
    }

    /// <summary>The frame of a number; the caller owns it.</summary>
    public Frame Render(int frame, FramePool pool)
    {
        // Points are counted from the corner of the picture, OpenCV's from the middle of the first pixel.
        var map = Map(frame);
        double[] pixels = [map[0], map[1], map[2] + ((map[0] + map[1] - 1) / 2), map[3], map[4], map[5] + ((map[3] + map[4] - 1) / 2)];
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, pixels);
        Cv2.WarpAffine(photograph, _view, matrix, new Size(Width, Height), InterpolationFlags.Cubic, BorderTypes.Replicate);
        Cv2.Randn(_noise, Scalar.All(0), Scalar.All(Noise));
        Cv2.Add(_view, _noise, _noisy, dtype: (int)MatType.CV_8UC3);
        Cv2.CvtColor(_noisy, _yuy2, BgrToYuy2);
        return MatToFrame.Copy(_yuy2, pool, PixelLayout.Yuy2);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _noise.Dispose();
        _noisy.Dispose();
        _yuy2.Dispose();
    }
}
