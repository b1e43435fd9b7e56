using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using OpenCvSharp;

namespace FaceLandmark.Preprocess;

/// <summary>
/// The CPU path by OpenCV: the region is cut out, made RGB and resized or, where it is turned, warped (both bilinear), and each colour
/// is taken out and made (x / 255 - mean) / std. All intermediate pictures are kept from call to call.
/// </summary>
internal sealed unsafe class OpenCvPreprocessor : IPreprocessor
{
    private readonly int _size;
    private readonly double[] _scale;
    private readonly double[] _shift;
    private readonly Mat _rgb = new();
    private readonly Mat _resized;
    private readonly Mat _colour = new();
    private readonly Mat _map = new(2, 3, MatType.CV_64FC1);

    /// <summary>A pre-processor for a model's size and normalisation.</summary>
    public OpenCvPreprocessor(ModelCard model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _size = model.InputSize;
        _resized = new Mat(_size, _size, MatType.CV_8UC3);
        _scale = [.. model.Std.Select(std => 1.0 / (255 * std))];
        _shift = [.. model.Mean.Zip(model.Std, (mean, std) => -(double)mean / std)];
    }

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(tensor);
        Resize(frame, region);
        for (var channel = 0; channel < 3; channel++)
        {
            var address = tensor.InputAddress + (channel * _size * _size * sizeof(float));
            using var plane = Mat.FromPixelData(_size, _size, MatType.CV_32FC1, address);
            Cv2.ExtractChannel(_resized, _colour, channel);
            _colour.ConvertTo(plane, MatType.CV_32FC1, _scale[channel], _shift[channel]);
        }
    }

    /// <summary>The region as 8-bit RGB pixels in rows without padding; valid until the next call.</summary>
    internal Mat ToRgb(Frame frame, Region region)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Resize(frame, region);
        return _resized;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rgb.Dispose();
        _resized.Dispose();
        _colour.Dispose();
        _map.Dispose();
    }

    /// <summary>Fills <see cref="_resized"/> with the region in RGB, black outside the frame.</summary>
    private void Resize(Frame frame, Region region)
    {
        if (region.Degrees != 0)
        {
            Warp(frame, region);
            return;
        }

        // The spare columns of the cut are left out after the conversion.
        var left = Math.Max(region.X, 0);
        var top = Math.Max(region.Y, 0);
        var right = Math.Min(region.X + region.Width, frame.Width);
        var bottom = Math.Min(region.Y + region.Height, frame.Height);
        if (right <= left || bottom <= top)
        {
            _resized.SetTo(Scalar.Black);
            return;
        }

        var evenLeft = ToRgb(frame, left, top, right, bottom);
        using var inside = _rgb[new Rect(left - evenLeft, 0, right - left, bottom - top)];

        // Where the region leaves the frame, only its inner part is filled.
        var target = new Rect(ToTensor(left - region.X, region.Width), ToTensor(top - region.Y, region.Height), 0, 0);
        target.Width = Math.Max(1, ToTensor(right - region.X, region.Width) - target.X);
        target.Height = Math.Max(1, ToTensor(bottom - region.Y, region.Height) - target.Y);
        target.X = Math.Min(target.X, _size - target.Width);
        target.Y = Math.Min(target.Y, _size - target.Height);
        if (target.Width < _size || target.Height < _size)
            _resized.SetTo(Scalar.Black);
        using var part = _resized[target];
        Cv2.Resize(inside, part, part.Size(), 0, 0, InterpolationFlags.Linear);
    }

    /// <summary>
    /// Fills <see cref="_rgb"/> with a part of the frame and gives its first column. A YUY2 pixel pair shares its colour, so the cut
    /// begins and ends on even columns.
    /// </summary>
    private int ToRgb(Frame frame, int left, int top, int right, int bottom)
    {
        var isYuy2 = frame.Layout == PixelLayout.Yuy2;
        var evenLeft = isYuy2 ? left & ~1 : left;
        var evenRight = isYuy2 ? Math.Min((right + 1) & ~1, frame.Width) : right;
        using var cut = Mat.FromPixelData(
            bottom - top,
            evenRight - evenLeft,
            isYuy2 ? MatType.CV_8UC2 : MatType.CV_8UC3,
            frame.Address + (top * frame.Stride) + (evenLeft * Frame.BytesPerPixel(frame.Layout)),
            frame.Stride
        );
        Cv2.CvtColor(cut, _rgb, isYuy2 ? ColorConversionCodes.YUV2RGB_YUY2 : ColorConversionCodes.BGR2RGB);
        return evenLeft;
    }

    /// <summary>The same for a turned region.</summary>
    private void Warp(Frame frame, Region region)
    {
        var (sin, cos) = Math.SinCos(region.Degrees * Math.PI / 180);
        var (middleX, middleY) = (region.X + (region.Width / 2.0), region.Y + (region.Height / 2.0));
        var reachX = 1 + (((Math.Abs(cos) * region.Width) + (Math.Abs(sin) * region.Height)) / 2);
        var reachY = 1 + (((Math.Abs(sin) * region.Width) + (Math.Abs(cos) * region.Height)) / 2);
        var left = Math.Max((int)Math.Floor(middleX - reachX), 0);
        var top = Math.Max((int)Math.Floor(middleY - reachY), 0);
        var right = Math.Min((int)Math.Ceiling(middleX + reachX), frame.Width);
        var bottom = Math.Min((int)Math.Ceiling(middleY + reachY), frame.Height);
        if (right <= left || bottom <= top)
        {
            _resized.SetTo(Scalar.Black);
            return;
        }

        left = ToRgb(frame, left, top, right, bottom);

        // From the middle of a pixel of the tensor to that of one of the cut.
        var map = (double*)_map.Data;
        var (stepX, stepY) = ((double)region.Width / _size, (double)region.Height / _size);
        (map[0], map[1], map[3], map[4]) = (cos * stepX, -sin * stepY, sin * stepX, cos * stepY);
        var first = 0.5 - (_size / 2.0);
        map[2] = middleX - left - 0.5 + (first * (map[0] + map[1]));
        map[5] = middleY - top - 0.5 + (first * (map[3] + map[4]));
        Cv2.WarpAffine(
            _rgb,
            _resized,
            _map,
            _resized.Size(),
            InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap,
            BorderTypes.Constant,
            Scalar.Black
        );
    }

    private int ToTensor(int pixels, int side) => (int)Math.Round((double)pixels * _size / side);
}
