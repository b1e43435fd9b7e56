namespace FaceLandmark.Pipeline;

/// <summary>Where frames come from and where they are inferred.</summary>
/// <param name="Cameras">One a camera.</param>
/// <param name="Cpu">The CPU engine.</param>
/// <param name="Drpai">The DRP-AI; null: the node has none.</param>
internal sealed record PipelineLanes(IReadOnlyList<CameraLane> Cameras, InferenceLane Cpu, InferenceLane? Drpai = null);
