namespace FaceLandmark.Hosting;

/// <summary>How a run ended.</summary>
/// <param name="Fault">What failed, in a sentence; null after a clean end.</param>
/// <param name="Report">The figures; null when the node never got to run.</param>
/// <param name="IsOfSettings">Whether the settings are at fault, so that starting again does not help.</param>
internal sealed record RunOutcome(string? Fault, RunReport? Report, bool IsOfSettings = false)
{
    /// <summary>Whether somebody asked for the fault: a command for a restart.</summary>
    public bool IsAskedFor { get; init; }
}
