using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;

namespace FaceLandmark.Hosting;

/// <summary>Where a test or the soak puts something of its own into a node. By default nothing is put anywhere.</summary>
internal sealed record NodeSeams
{
    /// <summary>Gives what stands in front of the cameras' sources, or the factory itself.</summary>
    public Func<IFrameSourceFactory, IFrameSourceFactory> Sources { get; init; } = factory => factory;

    /// <summary>Gives what stands in front of the CPU's engine, or the engine itself.</summary>
    public Func<ILandmarkEngine, ILandmarkEngine> Cpu { get; init; } = engine => engine;

    /// <summary>Gives what stands in front of the DRP-AI's engine, or the engine itself.</summary>
    public Func<ILandmarkEngine, ILandmarkEngine> DrpAi { get; init; } = engine => engine;

    /// <summary>Gets the node's figures, once, before the first is counted.</summary>
    public Action<NodeMetrics> Figures { get; init; } = _ => { };
}
