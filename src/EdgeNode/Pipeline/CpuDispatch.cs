using FaceLandmark.Inference;

namespace FaceLandmark.Pipeline;

/// <summary>The dispatch of a node whose only engine is the CPU's: there is nothing to switch to.</summary>
public sealed class CpuDispatch(InferenceLane lane) : IDispatchControl
{
    /// <inheritdoc/>
    public event Action? Changed
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public DispatchMode Mode
    {
        get => DispatchMode.Cpu;
        set
        {
            if (value != DispatchMode.Cpu)
                throw new EngineException($"The mode '{value}' needs an engine that this node has not.");
        }
    }

    /// <inheritdoc/>
    public DispatchStatus Status => new(DispatchMode.Cpu, [lane.Info.Name], null);
}
