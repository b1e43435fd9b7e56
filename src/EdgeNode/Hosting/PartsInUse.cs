using FaceLandmark.Inference;

namespace FaceLandmark.Hosting;

/// <summary>
/// Parts with native memory that frames under way run in. They are disposed together, the last first; while frames are still under way,
/// after those.
/// </summary>
internal sealed class PartsInUse : IDisposable
{
    private readonly Stack<IDisposable> _parts = [];

    /// <summary>Completes when nothing uses the parts any more.</summary>
    public Task Idle { get; set; } = Task.CompletedTask;

    /// <summary>Takes a part over; null is none.</summary>
    public T Add<T>(T part)
        where T : IDisposable?
    {
        if (part is not null)
            _parts.Push(part);
        return part;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Idle.IsCompleted)
        {
            DisposeParts();
            return;
        }

        NativeCalls.LeaveRunning(); // a call that hangs keeps what it runs in
        _ = Idle.ContinueWith(
            _ =>
            {
                DisposeParts();
                NativeCalls.Return();
            },
            TaskScheduler.Default
        );
    }

    private void DisposeParts()
    {
        while (_parts.TryPop(out var part))
            part.Dispose();
    }
}
