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

    /// <summary>Takes a part over that another thread makes meanwhile.</summary>
    /// <returns>The part, or what its making threw.</returns>
    public Task<T> AddSoon<T>(Func<T> make)
        where T : IDisposable
    {
        var soon = Task.Run(make);
        _parts.Push(new Soon<T>(soon));
        return soon;
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

    private sealed class Soon<T>(Task<T> made) : IDisposable
        where T : IDisposable
    {
        public void Dispose() =>
            made.ContinueWith(
                part => part.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }
}
