using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// Finds the range of every tensor that becomes bytes: runs a copy of the graph, in which these tensors are outputs too, on pictures.
/// </summary>
internal sealed class Calibration : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
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
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(copy.ToByteArray(), options);
    }

    /// <summary>First pass, for each picture.</summary>
    public void Widen(FaceTensor picture) => Run(picture, (histogram, values) => histogram.Widen(values));

    /// <summary>Second pass, for each picture.</summary>
    public void Count(FaceTensor picture) => Run(picture, (histogram, values) => histogram.Count(values));

    /// <summary>The ranges, after both passes.</summary>
    public IReadOnlyDictionary<string, QuantizedRange> Ranges(RangeError kind) =>
        _histograms.ToDictionary(pair => pair.Key, pair => pair.Value.BestRange(kind), StringComparer.Ordinal);

    /// <summary>A picture as a network takes it; the picture keeps the memory.</summary>
    internal static OrtValue InputOf(FaceTensor picture) =>
        OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
            [1, 3, picture.Size, picture.Size],
            picture.InputAddress,
            picture.Input.Length * sizeof(float)
        );

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private void Run(FaceTensor picture, Action<ValueHistogram, ReadOnlySpan<float>> use)
    {
        using var input = InputOf(picture);
        using var outputs = _session.Run(_run, [_input], [input], _names);
        for (var i = 0; i < _names.Length; i++)
            use(_histograms[_names[i]], outputs[i].GetTensorDataAsSpan<float>());
        if (_histograms.TryGetValue(_input, out var histogram))
            use(histogram, picture.Input);
    }
}
