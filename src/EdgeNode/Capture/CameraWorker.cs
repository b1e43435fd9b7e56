using Microsoft.Extensions.Logging;

namespace FaceLandmark.Capture;

/// <summary>
/// Keeps one camera's frames coming. A live source that fails, ends or stalls is opened again for ever, after a pause that doubles and
/// begins again with the first frame; a call into a driver that does not return is left behind on its thread. A file ends, or fails, and
/// that is the end. While a live source is opened again, what went wrong stays its state until frames come.
/// </summary>
internal sealed class CameraWorker
{
    // Threads stuck in a driver cost memory each, so at some point it must come back before it is asked again.
    private const int LeftBehindAtMost = 4;

    private static readonly TimeSpan s_sameCauseEvery = TimeSpan.FromMinutes(1);

    private readonly CameraOptions _camera;
    private readonly IFrameSourceFactory _factory;
    private readonly FramePool _pool;
    private readonly IFrameSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<CameraStatus> _onStatus;
    private readonly bool _giveUpOnFirstFailure;
    private readonly List<Task> _leftBehind = [];
    private readonly Dictionary<string, long> _logged = [];
    private CancellationToken _stop;
    private SourceInfo? _source;
    private long _sequence;
    private bool _wasTried;

    /// <param name="camera">What to open, and how patient to be.</param>
    /// <param name="factory">Opens it.</param>
    /// <param name="pool">The memory of this camera's frames.</param>
    /// <param name="sink">Where the frames go.</param>
    /// <param name="time">Stamps, pauses and the watch over stalls.</param>
    /// <param name="logger">Logs openings and failures.</param>
    /// <param name="onStatus">Called at every change of <see cref="Status"/>, one call at a time, on a thread of the worker's; must not
    /// block.</param>
    /// <param name="giveUpOnFirstFailure">True for a bounded run: a live source that delivers nothing at its first opening makes
    /// <see cref="RunAsync"/> throw.</param>
    public CameraWorker(
        CameraOptions camera,
        IFrameSourceFactory factory,
        FramePool pool,
        IFrameSink sink,
        TimeProvider time,
        ILogger logger,
        Action<CameraStatus> onStatus,
        bool giveUpOnFirstFailure = false
    )
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(time);
        (_camera, _factory, _pool, _sink, _time, _logger, _onStatus, _giveUpOnFirstFailure) = (
            camera,
            factory,
            pool,
            sink,
            time,
            logger,
            onStatus,
            giveUpOnFirstFailure
        );
        Status = new CameraStatus(camera.Name, CameraCondition.Opening, null, time.GetUtcNow(), null);
    }

    /// <summary>Where the camera stands.</summary>
    public CameraStatus Status { get; private set; }

    /// <summary>Runs until the source of files ends or the token is cancelled, which is no error; one call at a time.</summary>
    /// <exception cref="SourceException">A file or folder cannot be read, the first opening of all shows that the settings are wrong, or
    /// <c>giveUpOnFirstFailure</c> applies. <see cref="Status"/> says the same.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _stop = cancellationToken;
        _onStatus(Status);
        var pause = _camera.ReopenAfter;
        for (var isFirst = true; !cancellationToken.IsCancellationRequested; isFirst = false)
        {
            using var run = new CaptureRun(_camera, _factory, _pool, _time, pause)
            {
                Opened = Opened,
                Captured = Captured,
                Stalled = Stalled,
            };
            var failure = await run.RunAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return;

            var cause = failure?.Message ?? (run.IsLive ? $"'{_source!.Description}' has ended." : null);
            Report(failure?.Condition ?? CameraCondition.Ended, cause);
            // Later, wrong settings are those of another camera at the same place, which may go again.
            var isFault = (isFirst && _giveUpOnFirstFailure) || (!_wasTried && failure is { IsOfSettings: true });
            _wasTried = true;
            if (!run.IsLive || (isFault && !run.HasDelivered))
            {
                if (failure is not null)
                {
                    CaptureLog.GivenUp(_logger, _camera.Name, failure.Message);
                    throw failure;
                }

                CaptureLog.Ended(_logger, _camera.Name, _source!.Description, _sequence);
                return;
            }

            if (run.HasDelivered)
                pause = _camera.ReopenAfter;
            await (run.IsLeftBehind ? LeaveBehindAsync(run.ThreadEnded) : PauseAsync(cause!, failure?.InnerException, pause));
            pause = pause * 2 < _camera.ReopenAfterAtMost ? pause * 2 : _camera.ReopenAfterAtMost;
        }
    }

    /// <summary>Says that it was stopped on purpose; between two runs.</summary>
    public void MarkStopped() => Report(CameraCondition.Stopped, null);

    /// <summary>Says that it is being opened again; between two runs.</summary>
    public void MarkOpening() => Report(CameraCondition.Opening, null);

    private async Task PauseAsync(string cause, Exception? reason, TimeSpan pause)
    {
        if (IsNews(cause))
            CaptureLog.Failed(_logger, reason, _camera.Name, cause, pause.TotalSeconds);
        await Task.Delay(pause, _time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The pause has passed already, as the run's period of grace.
    private async Task LeaveBehindAsync(Task thread)
    {
        _leftBehind.RemoveAll(task => task.IsCompleted);
        _leftBehind.Add(thread);
        CaptureLog.LeftBehind(_logger, _camera.Name, _leftBehind.Count);
        if (_leftBehind.Count < LeftBehindAtMost)
            return;
        Task oneComesBack = Task.WhenAny(_leftBehind);
        await oneComesBack.WaitAsync(_stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Opened(SourceInfo info)
    {
        _source = info;
        if (!IsNews($"open {info}"))
            return;
        CaptureLog.Opened(
            _logger,
            _camera.Name,
            info.Description,
            info.Width,
            info.Height,
            info.Fps,
            info.Layout,
            info.Format ?? "its own",
            info.DeviceSerial ?? "unknown"
        );
        // Drivers count in hundredths of microseconds: 30 frames a second may come back as 30.00003. 0 is no answer.
        var isRateAsAsked = info.Fps == 0 || Math.Abs(info.Fps - _camera.Fps) < 0.01 * _camera.Fps;
        if (
            info.Format is not null
            && (
                !isRateAsAsked
                || (info.Format, info.Width, info.Height) != (_camera.Format.ToUpperInvariant(), _camera.Width, _camera.Height)
            )
        )
            CaptureLog.NotAsAsked(
                _logger,
                _camera.Name,
                _camera.Width,
                _camera.Height,
                _camera.Fps,
                _camera.Format,
                info.Offers ?? "it does not say what"
            );
    }

    private void Captured(Frame frame)
    {
        // Numbers have a gap for what never came, as they have for what is dropped.
        _sequence += 1 + frame.LostBefore + frame.DamagedBefore;
        frame.Sequence = _sequence;
        if (Status.Condition is not CameraCondition.Streaming and not CameraCondition.Opening && IsNews("resumed"))
            CaptureLog.Resumed(_logger, _camera.Name);
        Report(CameraCondition.Streaming, null);
        _sink.Offer(frame, _source!.IsLive, _stop);
    }

    private void Stalled(string cause)
    {
        if (IsNews(cause))
            CaptureLog.Stalled(_logger, _camera.Name, cause);
        Report(CameraCondition.Stalled, cause);
    }

    private void Report(CameraCondition condition, string? cause)
    {
        if (Status.Condition == condition && Status.Cause == cause && Status.Source == _source)
            return;
        Status = new CameraStatus(_camera.Name, condition, cause, _time.GetUtcNow(), _source);
        _onStatus(Status);
    }

    // A source that comes and goes says each thing once a minute.
    private bool IsNews(string text)
    {
        if (_logged.TryGetValue(text, out var at) && _time.GetElapsedTime(at) < s_sameCauseEvery)
            return false;
        if (_logged.Count > 100)
            _logged.Clear();
        _logged[text] = _time.GetTimestamp();
        return true;
    }
}
