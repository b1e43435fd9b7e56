using System.Globalization;
using FaceLandmark.Diagnostics;
using FaceLandmark.Health;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>
/// Tells systemd that the node is ready, how it is, and that it stops. The watchdog is fed while results come or no camera has frames to
/// give; it is left to starve when frames go in and none come out for half its period, or when a camera says that it streams and neither a
/// frame nor its own stall watch is seen.
/// </summary>
internal sealed class ServiceManagerLink : IDisposable
{
    private static readonly TimeSpan s_everyAtMost = TimeSpan.FromSeconds(5);

    private readonly ISystemdNotifier _notifier;
    private readonly TimeSpan? _period;
    private readonly NodeHealth _health;
    private readonly NodeMetrics _metrics;
    private readonly TimeSpan _longestStall;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ITimer? _timer;
    private long _signOfLife;
    private long _framesIn;
    private long _framesOut;
    private bool _isStarving;
    private bool _isStopping;

    /// <summary>Says that the node is ready, and begins to tell how it is.</summary>
    /// <param name="notifier">The way to systemd; one that is not enabled is left alone.</param>
    /// <param name="watchdog">Its watchdog's period; null: it has none.</param>
    /// <param name="health">Cameras and troubles.</param>
    /// <param name="metrics">Frames in and out.</param>
    /// <param name="longestStall">The largest <see cref="Capture.CameraOptions.StallAfter"/>: a camera may be silent for so long and still
    /// stream.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs when the watchdog starves.</param>
    public ServiceManagerLink(
        ISystemdNotifier notifier,
        TimeSpan? watchdog,
        NodeHealth health,
        NodeMetrics metrics,
        TimeSpan longestStall,
        TimeProvider time,
        ILogger logger
    )
    {
        ArgumentNullException.ThrowIfNull(notifier);
        ArgumentNullException.ThrowIfNull(time);
        (_notifier, _period, _health, _metrics, _longestStall, _time, _logger) = (
            notifier,
            watchdog,
            health,
            metrics,
            longestStall,
            time,
            logger
        );
        if (!notifier.IsEnabled)
            return;
        _signOfLife = time.GetTimestamp();
        notifier.Notify(ServiceState.Ready);
        // Four looks a period, so that one that comes late costs nothing.
        var every = watchdog / 4 is { } quarter && quarter < s_everyAtMost ? quarter : s_everyAtMost;
        _timer = time.CreateTimer(_ => Look(), null, every, every);
    }

    /// <summary>Says that the node stops. The watchdog is fed on: the stop has deadlines of its own.</summary>
    public void Stopping()
    {
        if (!_notifier.IsEnabled)
            return;
        lock (_lock)
        {
            _isStopping = true;
            _notifier.Notify(ServiceState.Stopping);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            var state = $"STATUS={Status()}";
            if (_period is { } period && (_isStopping || IsAlive(period)))
                state += "\nWATCHDOG=1";
            _notifier.Notify(new ServiceState(state));
        }
    }

    private string Status()
    {
        var rate = string.Create(CultureInfo.InvariantCulture, $"{_metrics.FpsOut:0.0} frames/s.");
        return string.Join(" ", [_isStopping ? "Stopping." : rate, .. _health.Troubles]).ReplaceLineEndings(" ");
    }

    private bool IsAlive(TimeSpan period)
    {
        var (framesIn, framesOut) = (_metrics.FramesIn, _metrics.FramesOut);
        var isWaiting = framesIn == _framesIn && !_health.IsStreaming;
        if (framesOut != _framesOut || isWaiting)
        {
            (_framesIn, _framesOut) = (framesIn, framesOut);
            (_signOfLife, _isStarving) = (_time.GetTimestamp(), false);
            return true;
        }

        var silence = _time.GetElapsedTime(_signOfLife);
        var patience = framesIn == _framesIn ? _longestStall + (period / 2) : period / 2;
        if (silence < patience)
            return true;
        if (!_isStarving)
            _logger.WatchdogStarves(silence.TotalSeconds);
        _isStarving = true;
        return false;
    }
}
