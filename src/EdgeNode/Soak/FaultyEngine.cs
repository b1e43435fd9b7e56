using FaceLandmark.Inference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Soak;

/// <summary>An engine that fails on request.</summary>
/// <param name="engine">What infers.</param>
/// <param name="isAccelerator">Whether the faults of the accelerator are its own; otherwise those that both engines have.</param>
/// <param name="faults">Which are there.</param>
internal sealed class FaultyEngine(ILandmarkEngine engine, bool isAccelerator, FaultSwitches faults) : ILandmarkEngine
{
    // Of so many runs of the CPU's engine the first ones fail. When nothing works for a hundred frames a node rightly ends.
    private const int Turn = 90;
    private const int Failing = 30;
    private int _runs;

    /// <inheritdoc/>
    public EngineInfo Info => engine.Info;

    /// <inheritdoc/>
    public void Run(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var isTurn = isAccelerator || ++_runs % Turn < Failing;
        var hung = false;
        var both = faults.IsOn(SoakFaultKind.BothEngines) && isTurn;
        if (isAccelerator)
        {
            hung = faults.WaitWhileOn(SoakFaultKind.EngineHang, 0, CancellationToken.None);
            both |= faults.IsOn(SoakFaultKind.EngineError);
        }

        if (both && (isAccelerator || _runs % 2 == 0))
            throw new EngineException("the soak has broken the engine");
        engine.Run(tensor);
        if (both || (isAccelerator && faults.IsOn(SoakFaultKind.EngineInvalid)))
            tensor.Output.Fill(float.NaN);
        else if (isAccelerator && !hung) // who hung was given up: only the next result is one that is used
            faults.Works(SoakPlan.Engines);
    }

    /// <inheritdoc/>
    public void GiveUp() => engine.GiveUp();

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
