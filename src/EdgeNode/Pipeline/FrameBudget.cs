namespace FaceLandmark.Pipeline;

/// <summary>How many frames a run may process in all. Thread-safe.</summary>
internal sealed class FrameBudget
{
    private readonly TaskCompletionSource _spent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _left;

    /// <summary>A budget.</summary>
    /// <param name="frames">At least 1; null: no end.</param>
    public FrameBudget(long? frames = null) => _left = frames ?? long.MaxValue;

    /// <summary>Completes with the last frame taken.</summary>
    public Task Spent => _spent.Task;

    /// <summary>Takes one frame; false when none is left.</summary>
    public bool TryTake()
    {
        var left = Interlocked.Decrement(ref _left);
        if (left <= 0)
            _spent.TrySetResult();
        return left >= 0;
    }
}
