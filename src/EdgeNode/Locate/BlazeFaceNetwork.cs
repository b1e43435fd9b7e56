using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Platform;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceLandmark.Locate;

/// <summary>
/// The BlazeFace network with its buffers, bound once: input 1 x 3 x Size x Size (planes of red, green and blue, -1 to 1), outputs for two
/// grids of anchors a logit and 16 values an anchor. Used by one thread at a time.
/// </summary>
internal sealed class BlazeFaceNetwork : IDisposable
{
    private const int MaxSize = 4096;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly OrtValue[] _scores = new OrtValue[2];
    private readonly OrtValue[] _values = new OrtValue[2];

    public BlazeFaceNetwork(string path)
    {
        var file = ProgramFiles.Find(path);
        if (!File.Exists(file))
            throw new DetectorException($"The face detector '{file}' (Locate:Detector) is missing: ./run.sh fetches it.");
        var model = Read(file);
        Size = InputSize(model.Graph) ?? throw Foreign(file);
        _session = Open(file, model, Size);
        try
        {
            _input = Allocate(1, 3, Size, Size);
            _binding = _session.CreateIoBinding();
            _binding.BindInput(_session.InputNames[0], _input);
            for (var grid = 0; grid < 2; grid++)
            {
                _scores[grid] = Bind(BlazeFaceAnchors.Count(grid), 1) ?? throw Foreign(file);
                _values[grid] = Bind(BlazeFaceAnchors.Count(grid), BlazeFaceAnchors.Values) ?? throw Foreign(file);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Side of the input in pixels.</summary>
    public int Size { get; }

    /// <summary>The input, to be written: a plane of rows of red, one of green, one of blue.</summary>
    public Span<float> Input => _input.GetTensorMutableDataAsSpan<float>();

    /// <summary>Adds the anchors that reach the score, in fractions of the input.</summary>
    /// <exception cref="DetectorException">ONNX Runtime refuses.</exception>
    public void Run(float minScore, List<BlazeFaceHit> hits)
    {
        try
        {
            _session.RunWithBinding(_run, _binding);
        }
        catch (OnnxRuntimeException error)
        {
            throw new DetectorException($"The face detector cannot be run ({error.Message}): try another one with Locate:Detector.", error);
        }

        for (var grid = 0; grid < 2; grid++)
            BlazeFaceAnchors.Decode(
                grid,
                _scores[grid].GetTensorDataAsSpan<float>(),
                _values[grid].GetTensorDataAsSpan<float>(),
                Size,
                minScore,
                hits
            );
    }

    public void Dispose()
    {
        _binding?.Dispose();
        _input?.Dispose();
        foreach (var value in _scores.Concat(_values))
            value?.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private static OnnxModel Read(string file)
    {
        try
        {
            return OnnxModel.Read(file);
        }
        catch (ModelException error)
        {
            throw Unloadable(file, error);
        }
    }

    private static InferenceSession Open(string file, OnnxModel model, int size)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            // The published files hold unused initialisers, which ONNX Runtime would warn about.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            return new InferenceSession(BlazeFaceGraph.Rewrite(model, size, BlazeFaceGraph.Block).ToByteArray(), options);
        }
        catch (Exception error) when (error is OnnxRuntimeException or ModelException)
        {
            throw Unloadable(file, error);
        }
    }

    private static int? InputSize(OnnxGraph graph) =>
        graph.Inputs is [{ Shape: [1, > 0 and <= MaxSize and var side, var width, 3] }] && width == side ? (int)side : null;

    private static DetectorException Unloadable(string file, Exception reason) =>
        new($"The face detector '{file}' cannot be loaded as an ONNX model: delete it and let ./run.sh fetch it again.", reason);

    private static DetectorException Foreign(string file) =>
        new(
            $"The model '{file}' (Locate:Detector) is not a BlazeFace model (input 1xSxSx3, outputs of 512 and 384 anchors): "
                + "./run.sh fetches the right one."
        );

    private static OrtValue Allocate(params long[] shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape);

    /// <summary>Binds the output of this shape; null when the model has none.</summary>
    private OrtValue? Bind(int anchors, int values)
    {
        foreach (var (name, output) in _session.OutputMetadata)
        {
            if (!output.IsTensor || output.Dimensions is not [1, var rows, var columns] || rows != anchors || columns != values)
                continue;
            var value = Allocate(1, anchors, values);
            _binding.BindOutput(name, value);
            return value;
        }

        return null;
    }
}
