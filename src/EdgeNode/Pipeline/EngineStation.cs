using System.Threading.Tasks.Dataflow;

namespace FaceLandmark.Pipeline;

/// <summary>
/// An engine's lane as the <see cref="Dispatcher"/> sees it: its entrance and the work items in it, under the dispatcher's lock.
/// </summary>
internal sealed class EngineStation(InferenceLane lane)
{
    /// <summary>One work is inferred while the tensors of the next are made.</summary>
    private const int Places = 2;

    public InferenceLane Lane => lane;

    /// <summary>Step 4 of this engine; takes as many work items as are ever under way.</summary>
    public ITargetBlock<FrameWork> Entrance { get; set; } = null!;

    /// <summary>Work items that were sent and have not come back, in that order.</summary>
    public List<FrameWork> Works { get; } = [];

    /// <summary>When a work item last came back.</summary>
    public long ProgressAt { get; set; }

    public bool HasRoom => Works.Count < Places;
}
