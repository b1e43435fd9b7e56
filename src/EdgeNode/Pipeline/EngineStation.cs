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

    /// <summary>With balance: whether it gets no frames, because its results would hold back those of the others.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>When a work item last came back.</summary>
    public long ProgressAt { get; set; }

    // The tensors of one more work are made while others are inferred.
    public bool HasRoom => Works.Count <= lane.AtOnce;

    /// <summary>Whether it could begin with another work at once.</summary>
    public bool IsFree => Works.Count < lane.AtOnce;

    /// <summary>What an inference takes, milliseconds: a mean in which the last count most; 0: not known.</summary>
    public double InferenceMs { get; private set; }

    /// <summary>How long it has been at work without a result; zero without work.</summary>
    public TimeSpan SilentFor(TimeProvider time) =>
        Works.Count == 0 ? TimeSpan.Zero : time.GetElapsedTime(Math.Max(Works[0].Assignment.Since, ProgressAt));

    /// <summary>As <see cref="InferenceMs"/>; more, if the one under way takes longer: of an engine that hangs, ever more.</summary>
    public double TakesMs(TimeProvider time) =>
        Works.Count == 0 ? InferenceMs : Math.Max(InferenceMs, SilentFor(time).TotalMilliseconds / Math.Max(1, Works[0].Inferences));

    /// <summary>A work item came back.</summary>
    /// <param name="work">The work item.</param>
    /// <param name="memory">How many of the last inferences count; 1: only this one.</param>
    public void Learn(FrameWork work, int memory)
    {
        if (work.Fault is not null || work.FaceCount == 0)
            return;
        var each = work.Times.Inference / work.Inferences;
        InferenceMs = InferenceMs == 0 ? each : InferenceMs + ((each - InferenceMs) / memory);
    }

    /// <summary>In how many milliseconds it will have done a work item that it does not have yet, after those that it has.</summary>
    public double DoneIn(FrameWork work)
    {
        var before = 0;
        foreach (var one in Works)
            before += one.Inferences;
        return InferenceMs * (((double)before / lane.AtOnce) + work.Inferences);
    }
}
