using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Hosting;

/// <summary>Loads a model with the engine it is made for.</summary>
public static class EngineFactory
{
    /// <summary>The engine of a model.</summary>
    /// <exception cref="EngineException">It can't be loaded.</exception>
    public static ILandmarkEngine Open(ModelCard card, EnginesOptions engines)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(engines);
        return TvmModelObject.Is(card.Path) ? new TvmEngine(card, engines.Tvm) : new OnnxEngine(card, engines.Onnx);
    }

    /// <summary>The engine of a model with its pre-processing, warm.</summary>
    /// <exception cref="EngineException">It can't be loaded or run.</exception>
    public static InferenceLane OpenLane(ModelCard card, EnginesOptions engines, TimeProvider time)
    {
        var lane = new InferenceLane(new CpuPreprocessor(card), Open(card, engines), time);
        try
        {
            lane.WarmUp();
            return lane;
        }
        catch
        {
            lane.Dispose();
            throw;
        }
    }
}
