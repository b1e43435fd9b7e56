using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>
/// One opening of a source: a thread of its own that opens, reads and hands over until the source ends, fails, or is left behind because a
/// call into its driver does not come back. The thread disposes the source. <see cref="Opened"/>, <see cref="Captured"/> and
/// <see cref="Stalled"/> never run at the same time, and none of them after <see cref="RunAsync"/> returned.
/// </summary>
internal sealed class CaptureRun(CameraOptions camera, IFrameSourceFactory factory, FramePool pool, TimeProvider time, TimeSpan grace)
    : IDisposable
{
    private static readonly TimeSpan s_openAtMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<SourceException?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _threadEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _watch;
    private TimeSpan _patience = camera.StallAfter > s_openAtMost ? camera.StallAfter : s_openAtMost;
    private long _lastSign = time.GetTimestamp();
    private bool _isStalled;
    private volatile bool _isLeftBehind;

    /// <summary>The source is open.</summary>
    public required Action<SourceInfo> Opened { get; init; }

    /// <summary>A frame came; it is handed over.</summary>
    public required Action<Frame> Captured { get; init; }

    /// <summary>Nothing came for too long; the sentence says so. The run goes on for the grace period.</summary>
    public required Action<string> Stalled { get; init; }

    /// <summary>Whether the source lives in its own time: as its name says, then as it says itself.</summary>
    public bool IsLive { get; private set; } = FrameSourceFactory.IsLive(camera.Source);

    /// <summary>Whether at least one frame came.</summary>
    public bool HasDelivered { get; private set; }

    /// <summary>Whether the thread hangs in a driver and was given up.</summary>
    public bool IsLeftBehind => _isLeftBehind;

    /// <summary>Ends when the thread does; a run that was left behind may never see it.</summary>
    public Task ThreadEnded => _threadEnded.Task;

    /// <summary>
    /// Runs it: null when the source ended or was cancelled, otherwise why it failed. Throws what the receiver of the frames threw.
    /// </summary>
    public async Task<SourceException?> RunAsync(CancellationToken cancellationToken)
    {
        _watch = time.CreateTimer(_ => Watch(), null, _patience, Timeout.InfiniteTimeSpan);
        new Thread(() => RunThread(cancellationToken)) { IsBackground = true, Name = $"capture {camera.Name}" }.Start();
        try
        {
            return await _outcome.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ThreadEnded.WaitAsync(s_stopWithin, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _isLeftBehind = true;
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();

    private void RunThread(CancellationToken cancellationToken)
    {
        try
        {
            _outcome.TrySetResult(Capture(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _outcome.TrySetResult(null);
        }
#pragma warning disable CA1031 // A thread has no one above it: what the receiver throws goes to the awaiter of the run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _outcome.TrySetException(e);
        }
        finally
        {
            // Each opening has a thread of its own, whose part of the heap would keep what its source has freed: 30 MB for the demo's.
            NativeHeap.Trim();
            _threadEnded.SetResult();
        }
    }

    private SourceException? Capture(CancellationToken cancellationToken)
    {
        if (Guarded(() => factory.Open(camera), cancellationToken, out var source) is { } unopened)
            return unopened;
        using (source)
        {
            lock (_gate)
            {
                if (_isLeftBehind)
                    return null;
                IsLive = source!.Info.IsLive;
                _patience = camera.StallAfter;
                _lastSign = time.GetTimestamp();
                _watch!.Change(_patience, Timeout.InfiniteTimeSpan);
                Opened(source.Info);
            }

            // One delegate for all frames.
            Func<Frame?> read = () => source.Read(pool, cancellationToken);
            while (true)
            {
                if (Guarded(read, cancellationToken, out var frame) is { } failure)
                    return failure;
                if (frame is null || !HandOver(frame))
                    return null;
            }
        }
    }

    private bool HandOver(Frame frame)
    {
        var now = time.GetTimestamp();
        frame.Timestamp = now - (long)(frame.Age.TotalSeconds * time.TimestampFrequency);
        frame.CapturedAt = time.GetUtcNow() - frame.Age;
        lock (_gate)
        {
            if (_isLeftBehind)
            {
                frame.Dispose();
                return false;
            }

            _lastSign = now;
            _isStalled = false;
            HasDelivered = true;
            Captured(frame);
            return true;
        }
    }

    // Whatever a source throws is a failure of the source, and a live one is opened again after it.
    private SourceException? Guarded<T>(Func<T> call, CancellationToken cancellationToken, out T? result)
    {
        result = default;
        try
        {
            result = call();
            return null;
        }
        catch (SourceException e)
        {
            return e;
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return new SourceException(
                $"Source '{PublicText.Address(camera.Source)}' failed unexpectedly: {e.Message}",
                inner: e
            );
        }
    }

    private void Watch()
    {
        // Frames of files wait for the pipeline with the gate held; those of live sources are handed over at once.
        if (!IsLive)
            return;
        lock (_gate)
        {
            if (_outcome.Task.IsCompleted)
                return;
            var left = _patience - time.GetElapsedTime(_lastSign);
            if (left > TimeSpan.Zero)
            {
                _watch!.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            var cause = SourceException.Silence(PublicText.Address(camera.Source), _patience);
            if (_isStalled)
            {
                _isLeftBehind = true;
                _outcome.TrySetResult(new SourceException(cause, CameraCondition.Stalled));
                return;
            }

            _isStalled = true;
            Stalled(cause);
            _watch!.Change(HasDelivered ? camera.ReopenAfter : grace, Timeout.InfiniteTimeSpan);
        }
    }
}
