using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference;

/// <summary>
/// A landmark network loaded on a device. Used by one thread at a time, or by <see cref="AtOnce"/>, each with a tensor of its own.
/// </summary>
internal interface ILandmarkEngine : IDisposable
{
    /// <summary>What it is.</summary>
    EngineInfo Info { get; }

    /// <summary>How many faces it may infer at once; more than 1: by <see cref="RunAsync"/>.</summary>
    int AtOnce => 1;

    /// <summary>What the network's file calls its tensors.</summary>
    TensorNames Tensors => new("input0", "landmarks", [1, Info.Model.Landmarks, 2], null);

    /// <summary>
    /// Computes <see cref="FaceTensor.Output"/> (and <see cref="FaceTensor.Presence"/> where the network has it) from
    /// <see cref="FaceTensor.Input"/>.
    /// </summary>
    /// <exception cref="EngineException">The runtime refused; the message says what and what to do.</exception>
    void Run(FaceTensor tensor);

    /// <summary>The same without a thread that waits.</summary>
    /// <exception cref="EngineException">The runtime refused; the message says what and what to do.</exception>
    Task RunAsync(FaceTensor tensor)
    {
        Run(tensor);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Asks a run that does not end to end, from another thread: it then throws, as does every later one. Nothing happens where the
    /// runtime cannot be asked.
    /// </summary>
    void GiveUp() { }
}
