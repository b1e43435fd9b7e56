using System.Runtime.InteropServices;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using OpenCvSharp;

namespace FaceLandmark.Preprocess;

/// <summary>
/// The CPU path as the original application has it, for comparison: OpenCV converts the whole frame and resizes, then one value after
/// the other is scaled, standardised and appended to a growing list. The original knows no regions: one is cut out before the resize,
/// and one that is turned or reaches beyond the frame is read by <see cref="OpenCvPreprocessor"/>.
/// </summary>
internal sealed class OriginalPreprocessor : IPreprocessor
{
    private readonly ModelCard _model;
    private readonly OpenCvPreprocessor _beyond;

    /// <summary>A pre-processor for a model's size and normalisation.</summary>
    public OriginalPreprocessor(ModelCard model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _beyond = new OpenCvPreprocessor(model);
    }

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(tensor);
        var size = _model.InputSize;
        var isInside = region.X >= 0 && region.Y >= 0 && region.X + region.Width <= frame.Width && region.Y + region.Height <= frame.Height;
        using var picture = new Mat();
        if (isInside && region.Degrees == 0)
            Resize(frame, region, picture, size);
        else
            _beyond.ToRgb(frame, region).CopyTo(picture);
        var values = new List<float>();
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                    values.Add(((picture.At<Vec3b>(y, x)[channel] / 255f) - _model.Mean[channel]) / _model.Std[channel]);
            }
        }

        CollectionsMarshal.AsSpan(values).CopyTo(tensor.Input);
    }

    /// <inheritdoc/>
    public void Dispose() => _beyond.Dispose();

    private static void Resize(Frame frame, Region region, Mat picture, int size)
    {
        var isYuy2 = frame.Layout == PixelLayout.Yuy2;
        var kind = isYuy2 ? MatType.CV_8UC2 : MatType.CV_8UC3;
        using var raw = Mat.FromPixelData(frame.Height, frame.Width, kind, frame.Address, frame.Stride);
        using var rgb = new Mat();
        Cv2.CvtColor(raw, rgb, isYuy2 ? ColorConversionCodes.YUV2RGB_YUY2 : ColorConversionCodes.BGR2RGB);
        using var cut = rgb[new Rect(region.X, region.Y, region.Width, region.Height)];
        Cv2.Resize(cut, picture, new Size(size, size));
    }
}
