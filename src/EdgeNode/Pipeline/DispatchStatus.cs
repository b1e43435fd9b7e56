namespace FaceLandmark.Pipeline;

/// <summary>What the dispatch does now.</summary>
/// <param name="Mode">How frames are shared out.</param>
/// <param name="InUse">The engines whose results are published, by <see cref="Inference.EngineInfo.Name"/>.</param>
/// <param name="Failed">
/// With <see cref="DispatchMode.Failover"/>, why a preferred engine is not used, in a sentence; null while it is well.
/// </param>
internal sealed record DispatchStatus(DispatchMode Mode, IReadOnlyList<string> InUse, string? Failed);
