using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>
/// Imitates the DRP-AI's inference: ONNX Runtime on weights rounded to FP16. Sums are made in FP32, as the accelerator's wide
/// accumulators do. Goes with <see cref="EmulatedPreprocessor"/>, which rounds the picture.
/// </summary>
public sealed class EmulatedDrpAi : ILandmarkEngine
{
    private readonly OnnxEngine _engine;

    /// <summary>Loads a model.</summary>
    /// <exception cref="EngineException">The file is missing, no model, or not of this shape.</exception>
    public EmulatedDrpAi(ModelCard model, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!File.Exists(model.Path))
            throw new EngineException($"The model {model.Path} is missing: the emulated DRP-AI needs an ONNX file; check Models:Folder and Models:Default.");
        var weights = File.ReadAllBytes(model.Path);
        try
        {
            HalfWeights.Round(weights);
        }
        catch (InvalidDataException reason)
        {
            throw new EngineException($"{model.Path} is no ONNX model that the emulated DRP-AI can round: {reason.Message}", reason);
        }

        _engine = new OnnxEngine(model, options, weights);
        Info = new EngineInfo("drpai", _engine.Info.Runtime, new DeviceInfo("DRP-AI", true), model);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <inheritdoc/>
    public void Run(FaceTensor tensor) => _engine.Run(tensor);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
