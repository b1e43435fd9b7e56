namespace FaceLandmark.Diagnostics;

/// <summary>What is in trouble, as <c>/health</c> explains in sentences.</summary>
/// <param name="Cameras">Each camera.</param>
/// <param name="Engine">A preferred engine is not in use.</param>
/// <param name="Outbox">The outbox cannot be written.</param>
internal sealed record TroubleFlags(IReadOnlyDictionary<string, bool> Cameras, bool Engine, bool Outbox);
