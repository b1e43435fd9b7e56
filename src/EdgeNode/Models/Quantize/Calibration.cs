using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// Finds the range of every tensor that becomes bytes: runs a copy of the graph, in which these tensors are outputs too, on pictures.
/// </summary>
internal sealed class Calibration : IDisposable
{
    private readonly PictureSession _session;
    private readonly Dictionary<string, ValueHistogram> _histograms;
    private readonly string[] _names;
    private readonly string _input;

    public Calibration(OnnxModel model, IEnumerable<string> tensors)
    {
        var copy = ModelQuantizer.Copy(model);
        _input = copy.Graph.Inputs[0].Name;
        _histograms = tensors.ToDictionary(name => name, _ => new ValueHistogram(), StringComparer.Ordinal);
        _names = [.. _histograms.Keys.Where(name => name != _input)];
        copy.Graph.Outputs.AddRange(
            _names.Where(name => !copy.Graph.Outputs.Any(output => output.Name == name)).Select(name => new OnnxValue(name, null))
        );
        _session = new PictureSession(copy);
    }

    /// <summary>First pass, for each picture.</summary>
    public void Widen(FaceTensor picture) => Run(picture, (histogram, values) => histogram.Widen(values));

    /// <summary>Second pass, for each picture.</summary>
    public void Count(FaceTensor picture) => Run(picture, (histogram, values) => histogram.Count(values));

    /// <summary>The ranges, after both passes.</summary>
    public IReadOnlyDictionary<string, QuantizedRange> Ranges(RangeError kind) =>
        _histograms.ToDictionary(pair => pair.Key, pair => pair.Value.BestRange(kind), StringComparer.Ordinal);

    public void Dispose() => _session.Dispose();

    private void Run(FaceTensor picture, Action<ValueHistogram, ReadOnlySpan<float>> use)
    {
        using var outputs = _session.Run(picture, _names);
        for (var i = 0; i < _names.Length; i++)
            use(_histograms[_names[i]], outputs[i].GetTensorDataAsSpan<float>());
        if (_histograms.TryGetValue(_input, out var histogram))
            use(histogram, picture.Input);
    }
}
