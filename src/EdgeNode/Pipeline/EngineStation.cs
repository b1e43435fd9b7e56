using System.Threading.Tasks.Dataflow;

namespace FaceLandmark.Pipeline;

/// <summary>
/// An engine's lane as the <see cref="Dispatcher"/> sees it: its entrance, the work items in it and how it is, under the dispatcher's lock.
/// </summary>
/// <param name="alone">The mode that uses it alone.</param>
/// <param name="lane">Its lane.</param>
/// <param name="health">How it is.</param>
internal sealed class EngineStation(DispatchMode alone, InferenceLane lane, EngineHealth health)
{
    public DispatchMode Alone => alone;

    public InferenceLane Lane => lane;

    public string Name => lane.Info.Name;

    public EngineHealth Health => health;

    /// <summary>Step 4 of this engine; takes as many work items as ever are under way.</summary>
    public ITargetBlock<FrameWork> Entrance { get; set; } = null!;

    /// <summary>Work items that were sent and have not come back, in that order.</summary>
    public List<FrameWork> Works { get; } = [];

    /// <summary>When a work item last came back.</summary>
    public long ProgressAt { get; set; }

    // The tensors of one more work are made while others are inferred.
    public bool HasRoom => Works.Count <= lane.AtOnce;

    /// <summary>Works for each that it infers at once.</summary>
    public double Load => (double)Works.Count / lane.AtOnce;
}
