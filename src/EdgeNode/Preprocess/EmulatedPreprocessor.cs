using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Pixels;

namespace FaceLandmark.Preprocess;

/// <summary>
/// The DRP-AI's six steps on the CPU, with its roundings: YUY2 to RGB and the bilinear resize in 8 bits as on the CPU path, then cast to
/// FP16, (x + cof_add) * cof_mul with every operand and result in FP16, planar, and cast to FP32.
/// </summary>
internal sealed unsafe class EmulatedPreprocessor : IPreprocessor
{
    private readonly int _size;
    private readonly RegionReader _reader;
    private readonly float[][] _standardised;

    /// <summary>A pre-processor for a model's size and normalisation.</summary>
    public EmulatedPreprocessor(ModelCard model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _size = model.InputSize;
        _reader = new RegionReader(_size);
        _standardised = [.. model.Mean.Zip(model.Std, Standardise)];
    }

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _reader.Open(frame, region);
        for (var y = 0; y < _size; y++)
        {
            _reader.Read(y);
            for (var channel = 0; channel < 3; channel++)
            {
                var table = _standardised[channel];
                var pixels = _reader.Row[channel];
                var target = tensor.Input.Slice(((channel * _size) + y) * _size, _size);
                for (var x = 0; x < target.Length; x++)
                    target[x] = table[pixels[x]];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    /// <summary>All 256 values of a channel: eight bits are exact in FP16, so that a table gives what the accelerator computes.</summary>
    internal static float[] Standardise(float mean, float std)
    {
        var add = (Half)(-255f * mean);
        var multiply = (Half)(1f / (255f * std));
        return [.. Enumerable.Range(0, 256).Select(value => (float)(((Half)value + add) * multiply))];
    }
}
