namespace FaceLandmark.Pipeline;

/// <summary>Where a work item was sent and as what. Kept by the <see cref="Dispatcher"/> under its lock.</summary>
internal sealed class Assignment
{
    /// <summary>The engine that has the work item.</summary>
    public EngineStation Station { get; set; } = null!;

    /// <summary>What is to become of it.</summary>
    public AssignmentPart Part { get; set; }

    /// <summary>When it was sent, or when it waits for its partner since then, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Since { get; set; }

    /// <summary>The other work of a pair; null for other parts.</summary>
    public FrameWork? Partner { get; set; }

    /// <summary>Of a pair, the one whose result is published second.</summary>
    public bool IsSecond { get; set; }

    /// <summary>Nobody waits for it any more: when it comes back it only goes to the pool.</summary>
    public bool IsAbandoned { get; set; }
}
