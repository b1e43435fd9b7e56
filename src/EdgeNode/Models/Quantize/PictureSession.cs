using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Models.Quantize;

/// <summary>A model from memory that runs on pictures.</summary>
internal sealed class PictureSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _input;

    /// <summary>Loads it.</summary>
    public PictureSession(OnnxModel model)
    {
        _input = model.Graph.Inputs[0].Name;
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(model.ToByteArray(), options);
    }

    /// <summary>The names of its outputs.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Runs it; the outputs of these names come in this order and are the caller's.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(FaceTensor picture, IReadOnlyCollection<string> outputs)
    {
        // The picture keeps the memory.
        using var input = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
            [1, 3, picture.Size, picture.Size],
            picture.InputAddress,
            picture.Input.Length * sizeof(float)
        );
        return _session.Run(_run, [_input], [input], outputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }
}
