namespace FaceLandmark.Pipeline;

/// <summary>Where frames come from and where they are inferred.</summary>
/// <param name="Cameras">One a camera.</param>
/// <param name="Cpu">The CPU engine.</param>
/// <param name="Drpai">The DRP-AI; null: the node has none.</param>
/// <param name="Remote">The inference server; null: the node has none.</param>
internal sealed record PipelineLanes(
    IReadOnlyList<CameraLane> Cameras,
    InferenceLane Cpu,
    InferenceLane? Drpai = null,
    InferenceLane? Remote = null
)
{
    /// <summary>The engines that are there, each with the mode that uses it alone; the CPU's first.</summary>
    internal IEnumerable<(DispatchMode Alone, InferenceLane Lane)> Engines()
    {
        yield return (DispatchMode.Cpu, Cpu);
        if (Drpai is not null)
            yield return (DispatchMode.Drpai, Drpai);
        if (Remote is not null)
            yield return (DispatchMode.Remote, Remote);
    }
}
