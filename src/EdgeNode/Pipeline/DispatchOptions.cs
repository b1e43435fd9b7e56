namespace FaceLandmark.Pipeline;

/// <summary>The section <c>Dispatch</c>: how frames are shared out.</summary>
public sealed record DispatchOptions
{
    /// <summary>Which engine a frame goes to.</summary>
    public DispatchMode Mode { get; init; } = DispatchMode.Cpu;

    /// <summary>Frames of one camera that may be under way at once: more keeps engines busier, fewer keeps results fresher; 1 to 32.</summary>
    public int InFlight { get; init; } = 3;
}
