using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;
using Google.Protobuf;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>
/// Imitates the DRP-AI's inference: ONNX Runtime on weights rounded to FP16. Sums are made in FP32, as the accelerator's wide
/// accumulators do. Goes with <see cref="EmulatedPreprocessor"/>, which rounds the picture.
/// </summary>
internal sealed class EmulatedDrpAi : ILandmarkEngine
{
    private readonly OnnxEngine _engine;

    /// <summary>Loads a model.</summary>
    /// <exception cref="EngineException">The file is missing, or not of this shape.</exception>
    /// <exception cref="ModelException">It is no ONNX model.</exception>
    public EmulatedDrpAi(ModelCard model, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!File.Exists(model.Path))
            throw new EngineException(
                $"The model {model.Path} is missing: the emulated DRP-AI needs an ONNX file; check Models:Folder and Models:Default."
            );
        var weights = OnnxModel.Read(model.Path);
        HalfWeights.Round(weights);
        _engine = new OnnxEngine(model, options, weights.ToByteArray());
        Info = new EngineInfo("drpai", _engine.Info.Runtime, new DeviceInfo("DRP-AI", true), model);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <inheritdoc/>
    public TensorNames Tensors => _engine.Tensors;

    /// <inheritdoc/>
    public void Run(FaceTensor tensor) => _engine.Run(tensor);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
