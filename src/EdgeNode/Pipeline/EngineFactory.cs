using System.Runtime.CompilerServices;
using FaceLandmark.Inference;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Inference.Remote;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Pipeline;

/// <summary>Loads a model with the engine it is made for.</summary>
internal static class EngineFactory
{
    /// <summary>The engine of a model, whose weights are those that its card describes.</summary>
    /// <exception cref="EngineException">It cannot be loaded.</exception>
    /// <exception cref="ModelException">The weights are missing, or are not the card's.</exception>
    public static ILandmarkEngine Open(ModelCard card, EnginesOptions engines)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(engines);
        WeightsFile.Verify(card);
        return TvmModelObject.Is(card.Path) ? new TvmEngine(card, engines.Tvm) : new OnnxEngine(card, engines.Onnx);
    }

    /// <summary>The engine of a model with its pre-processing.</summary>
    /// <param name="card">The model.</param>
    /// <param name="engines">The settings of the engines.</param>
    /// <param name="path">How pictures become tensors.</param>
    /// <param name="before">Gives what is put in front of the engine; null: nothing.</param>
    /// <exception cref="EngineException">It cannot be loaded.</exception>
    /// <exception cref="ModelException">The weights are missing, or are not the card's.</exception>
    public static LandmarkNetwork OpenNetwork(
        ModelCard card,
        EnginesOptions engines,
        PreprocessPath path = PreprocessPath.Own,
        Func<ILandmarkEngine, ILandmarkEngine>? before = null
    )
    {
        var engine = Open(card, engines);
        // ONNX Runtime frees the weights as the file has them once it has its own: 30 MB of the default model's.
        NativeHeap.Trim();
        return new LandmarkNetwork(CpuPath.Open(card, path), before?.Invoke(engine) ?? engine);
    }

    /// <summary>The engine of a model with its pre-processing, warm.</summary>
    /// <exception cref="EngineException">It cannot be loaded or run.</exception>
    public static InferenceLane OpenLane(
        ModelCard card,
        EnginesOptions engines,
        TimeProvider time,
        PreprocessPath path = PreprocessPath.Own
    ) => OpenLane(new SwitchableNetwork(OpenNetwork(card, engines, path)), time);

    /// <summary>A network as a lane, warm; takes the network over.</summary>
    /// <exception cref="EngineException">It cannot be run.</exception>
    public static InferenceLane OpenLane(SwitchableNetwork network, TimeProvider time) => WarmUp(new InferenceLane(network, time));

    /// <summary>The DRP-AI with its pre-processing, warm; null when the node has none.</summary>
    /// <param name="card">The model that an emulated one runs.</param>
    /// <param name="engines">Whether there is one.</param>
    /// <param name="mode">How faces are found, which says whether regions are cut out of frames.</param>
    /// <param name="before">Gives what is put in front of the engine, or the engine itself.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="EngineException">It cannot be loaded or run.</exception>
    public static InferenceLane? OpenDrpAiLane(
        ModelCard card,
        EnginesOptions engines,
        LocateMode mode,
        Func<ILandmarkEngine, ILandmarkEngine> before,
        TimeProvider time
    )
    {
        ArgumentNullException.ThrowIfNull(before);
        return OpenDrpAiNetwork(card, engines, mode, before) is { } network ? OpenLane(new SwitchableNetwork(network), time) : null;
    }

    /// <summary>The DRP-AI with its pre-processing; null when there is none.</summary>
    /// <inheritdoc cref="OpenDrpAiLane"/>
    public static LandmarkNetwork? OpenDrpAiNetwork(
        ModelCard card,
        EnginesOptions engines,
        LocateMode mode,
        Func<ILandmarkEngine, ILandmarkEngine>? before = null
    )
    {
        ArgumentNullException.ThrowIfNull(engines);
        before ??= engine => engine;
        switch (engines.DrpAi.FindDevice())
        {
            case null:
                return null;
            case DrpAiDevice.Emulated:
                return new LandmarkNetwork(new EmulatedPreprocessor(card), before(new EmulatedDrpAi(card, engines.Onnx)));
            default:
                var engine = new DrpAiEngine(engines.DrpAi, mode != LocateMode.FullFrame);
                return new LandmarkNetwork(engine.Preprocessor, before(engine));
        }
    }

    /// <summary>The inference servers with their pre-processing, warm; null when the node has none.</summary>
    /// <param name="card">The model that is expected there.</param>
    /// <param name="engines">Where they are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told which servers come and go.</param>
    /// <exception cref="EngineException">None answers, or one has another model.</exception>
    public static InferenceLane? OpenRemoteLane(Func<ModelCard> card, EnginesOptions engines, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(engines);
        ArgumentNullException.ThrowIfNull(card);
        return engines.Remote.Url.Length == 0
            ? null
            : OpenLane(new SwitchableNetwork(OpenRemote(card(), engines.Remote, time, logger)), time);
    }

    // A method of its own, so that a node without servers does not load the libraries of gRPC.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LandmarkNetwork OpenRemote(ModelCard card, RemoteOptions options, TimeProvider time, ILogger logger)
    {
        var engine = new RemoteEngine(card, options, time, logger);
        return new LandmarkNetwork(engine.Preprocessor, engine);
    }

    private static InferenceLane WarmUp(InferenceLane lane)
    {
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
