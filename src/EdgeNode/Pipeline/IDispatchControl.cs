using FaceLandmark.Inference;

namespace FaceLandmark.Pipeline;

/// <summary>Switches the dispatch of a running node. Thread-safe.</summary>
internal interface IDispatchControl
{
    /// <summary>Raised after <see cref="Status"/> has changed, on any thread.</summary>
    event Action? Changed;

    /// <summary>
    /// How frames are shared out. A new mode holds from the next frame on; frames under way finish as they began, none is lost or
    /// reordered.
    /// </summary>
    /// <exception cref="EngineException">The mode needs an engine that the node has not.</exception>
    DispatchMode Mode { get; set; }

    /// <summary>What it does now.</summary>
    DispatchStatus Status { get; }
}
