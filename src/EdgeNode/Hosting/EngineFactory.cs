using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
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
        ArgumentNullException.ThrowIfNull(engines);
        return new OnnxEngine(card, engines.Onnx);
    }

    /// <summary>The engine of a model with its pre-processing, replaceable.</summary>
    /// <exception cref="EngineException">It can't be loaded.</exception>
    public static SwitchableNetwork OpenNetwork(ModelCard card, EnginesOptions engines)
    {
        var (preprocessor, engine) = OpenParts(card, engines);
        return new SwitchableNetwork(preprocessor, engine);
    }

    /// <summary>The engine of a model, and its pre-processing.</summary>
    /// <exception cref="EngineException">It can't be loaded.</exception>
    public static (IPreprocessor Preprocessor, ILandmarkEngine Engine) OpenParts(ModelCard card, EnginesOptions engines)
    {
        var engine = Open(card, engines);
        return (new CpuPreprocessor(card), engine);
    }

    /// <summary>The engine of a model with its pre-processing, warm.</summary>
    /// <exception cref="EngineException">It can't be loaded or run.</exception>
    public static InferenceLane OpenLane(ModelCard card, EnginesOptions engines, TimeProvider time) => OpenLane(OpenNetwork(card, engines), time);

    /// <summary>A network as a lane, warm; takes the network over.</summary>
    /// <exception cref="EngineException">It can't be run.</exception>
    public static InferenceLane OpenLane(SwitchableNetwork network, TimeProvider time)
    {
        var lane = new InferenceLane(network, network, time);
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
