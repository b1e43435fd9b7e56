using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference;

/// <summary>A landmark network loaded on a device. Used by one thread at a time.</summary>
internal interface ILandmarkEngine : IDisposable
{
    /// <summary>What it is.</summary>
    EngineInfo Info { get; }

    /// <summary>
    /// Computes <see cref="FaceTensor.Output"/> (and <see cref="FaceTensor.Presence"/> where the network has it) from
    /// <see cref="FaceTensor.Input"/>.
    /// </summary>
    /// <exception cref="EngineException">The runtime refused; the message says what and what to do.</exception>
    void Run(FaceTensor tensor);

    /// <summary>
    /// Asks a run that does not end to end, from another thread: it then throws, as does every later one. Nothing happens where the
    /// runtime cannot be asked.
    /// </summary>
    void GiveUp() { }
}
