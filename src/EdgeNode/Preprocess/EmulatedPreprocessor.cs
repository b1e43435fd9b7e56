using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Preprocess;

/// <summary>
/// The DRP-AI's six steps on the CPU, with its roundings: YUY2 to RGB and the bilinear resize in 8 bits as on the CPU path, then cast to
/// FP16, (x + cof_add) * cof_mul with every operand and result in FP16, planar, and cast to FP32.
/// </summary>
internal sealed class EmulatedPreprocessor : IPreprocessor
{
    private readonly CpuPreprocessor _picture;
    private readonly float[][] _standardised;

    /// <summary>A pre-processor for a model's size and normalisation.</summary>
    public EmulatedPreprocessor(ModelCard model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _picture = new CpuPreprocessor(model);
        _standardised = [.. model.Mean.Zip(model.Std, Standardise)];
    }

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var picture = _picture.ToRgb(frame, region);
        var plane = (int)picture.Total();
        var pixels = Bytes(picture.Data, 3 * plane);
        for (var channel = 0; channel < 3; channel++)
        {
            var table = _standardised[channel];
            var target = tensor.Input.Slice(channel * plane, plane);
            for (var i = 0; i < target.Length; i++)
                target[i] = table[pixels[(3 * i) + channel]];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _picture.Dispose();

    /// <summary>All 256 values of a channel: eight bits are exact in FP16, so that a table gives what the accelerator computes.</summary>
    internal static float[] Standardise(float mean, float std)
    {
        var add = (Half)(-255f * mean);
        var multiply = (Half)(1f / (255f * std));
        return [.. Enumerable.Range(0, 256).Select(value => (float)(((Half)value + add) * multiply))];
    }

    private static unsafe ReadOnlySpan<byte> Bytes(nint address, int length) => new((void*)address, length);
}
