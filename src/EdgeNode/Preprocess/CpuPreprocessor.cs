using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Pixels;

namespace FaceLandmark.Preprocess;

/// <summary>
/// Our own CPU path, which needs no native library: a region is read row by row as 8-bit RGB (<see cref="RegionReader"/>) and each row
/// becomes (x / 255 - mean) / std in three planes. The bytes are those of OpenCV's cvtColor and resize; a turned region's are within a
/// level of its warpAffine.
/// </summary>
internal sealed unsafe class CpuPreprocessor : IPreprocessor
{
    private readonly int _size;
    private readonly RegionReader _reader;
    private readonly Standardiser _standardiser;

    /// <summary>A pre-processor for a model's size and normalisation.</summary>
    public CpuPreprocessor(ModelCard model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _size = model.InputSize;
        _reader = new RegionReader(_size);
        _standardiser = new Standardiser(model);
    }

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(tensor);
        _reader.Open(frame, region);
        var target = (float*)tensor.InputAddress;
        for (var y = 0; y < _size; y++, target += _size)
        {
            _reader.Read(y);
            for (var channel = 0; channel < 3; channel++)
                _standardiser.Write(channel, _reader.Row[channel], target + (channel * _size * _size), _size);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
