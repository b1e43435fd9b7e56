namespace FaceLandmark.Pipeline;

/// <summary>How many frames may be on their way at once.</summary>
/// <param name="InFlight">Of one camera, from its gate until they are published.</param>
/// <param name="Places">Of all cameras, from their gates to the end of their inference.</param>
/// <param name="IsPaced">Whether a live frame waits at its gate until it must enter: for one engine, whose end of work can be
/// foreseen.</param>
internal readonly record struct FlowLimits(int InFlight, int Places, bool IsPaced);
