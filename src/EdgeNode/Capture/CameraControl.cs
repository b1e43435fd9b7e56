namespace FaceLandmark.Capture;

/// <summary>Runs a camera and lets it be stopped, started and opened again meanwhile. Thread-safe.</summary>
internal sealed class CameraControl(CameraWorker worker)
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _run;
    private TaskCompletionSource _start = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopped;
    private bool _hasEnded;

    /// <summary>Where the camera stands.</summary>
    public CameraStatus Status => worker.Status;

    /// <summary>Runs until the source of files ends or the token is cancelled; call it once.</summary>
    /// <exception cref="SourceException">As <see cref="CameraWorker.RunAsync"/>.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var again = false; !cancellationToken.IsCancellationRequested; again = true)
            {
                using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                lock (_lock)
                    _run = run;
                if (again)
                    worker.MarkOpening();
                await worker.RunAsync(run.Token).ConfigureAwait(false);
                Task started;
                lock (_lock)
                {
                    _run = null;
                    if (!run.IsCancellationRequested || cancellationToken.IsCancellationRequested)
                        return;
                    started = _isStopped ? _start.Task : Task.CompletedTask;
                }

                if (!started.IsCompleted)
                    worker.MarkStopped();
                await started.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            lock (_lock)
                (_run, _hasEnded) = (null, true);
        }
    }

    /// <summary>Lets no more frames come, until <see cref="Start"/>.</summary>
    /// <returns>False when its source has ended for good.</returns>
    public bool Stop() =>
        Change(() =>
        {
            if (!_isStopped)
                _start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _isStopped = true;
            _run?.Cancel();
        });

    /// <summary>Opens it after <see cref="Stop"/>.</summary>
    /// <returns>False when its source has ended for good.</returns>
    public bool Start() =>
        Change(() =>
        {
            _isStopped = false;
            _start.TrySetResult();
        });

    /// <summary>Closes its source and opens it again; a stopped camera is started.</summary>
    /// <returns>False when its source has ended for good.</returns>
    public bool Reopen() =>
        Change(() =>
        {
            _isStopped = false;
            _start.TrySetResult();
            _run?.Cancel();
        });

    private bool Change(Action change)
    {
        lock (_lock)
        {
            if (!_hasEnded)
                change();
            return !_hasEnded;
        }
    }
}
