using System.Threading.Tasks.Dataflow;

namespace FaceLandmark.Pipeline;

/// <summary>
/// An engine's lane as the <see cref="Dispatcher"/> sees it: its entrance and the works in it, under the dispatcher's lock.
/// </summary>
internal sealed class EngineStation(InferenceLane lane)
{
    /// <summary>One work is inferred while the tensors of the next are made.</summary>
    private const int Places = 2;

    public InferenceLane Lane => lane;

    /// <summary>Step 4 of this engine; takes as many works as ever are under way.</summary>
    public ITargetBlock<FrameWork> Entrance { get; set; } = null!;

    /// <summary>Works that were sent and have not come back, in that order.</summary>
    public List<FrameWork> Works { get; } = [];

    /// <summary>When a work last came back.</summary>
    public long ProgressAt { get; set; }

    public bool HasRoom => Works.Count < Places;
}
