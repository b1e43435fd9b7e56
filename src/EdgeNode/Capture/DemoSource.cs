namespace FaceLandmark.Capture;

/// <summary>
/// The demo: photographs of people as a moving YUY2 stream that comes like a camera's and never ends. Frame k is due at start + k / fps;
/// a reader that is late gets the frame that is due now, not those it missed.
/// </summary>
internal sealed class DemoSource : IFrameSource
{
    private readonly DemoMovie _movie;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ManualResetEventSlim _due = new(false, spinCount: 1);
    private readonly ITimer _timer;
    private long _last = -1;

    /// <summary>Loads the photographs.</summary>
    /// <param name="folder">Where they are (<c>*.jpg</c>).</param>
    /// <param name="camera">Size (an odd width loses a column, as YUY2 has pixels in pairs) and rate.</param>
    /// <param name="time">Paces the frames.</param>
    /// <exception cref="SourceException">There are none.</exception>
    public DemoSource(string folder, CameraOptions camera, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(time);
        var width = camera.Width & ~1;
        _movie = new DemoMovie(folder, width, camera.Height, camera.Fps);
        _time = time;
        _timer = time.CreateTimer(_ => _due.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Info = new SourceInfo
        {
            Description = "demo",
            Width = width,
            Height = camera.Height,
            Fps = camera.Fps,
            Layout = PixelLayout.Yuy2,
            IsLive = true,
        };
        _start = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public SourceInfo Info { get; }

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        var now = (long)(_time.GetElapsedTime(_start).TotalSeconds * Info.Fps);
        _last = Math.Max(_last + 1, now);
        // Made ahead, so that it is there at the moment it is due.
        var frame = _movie.Render(_last, pool);
        try
        {
            WaitUntil(TimeSpan.FromSeconds(_last / Info.Fps), cancellationToken);
            return frame;
        }
        catch (OperationCanceledException)
        {
            frame.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _due.Dispose();
    }

    private void WaitUntil(TimeSpan due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var left = due - _time.GetElapsedTime(_start); left > TimeSpan.Zero; left = due - _time.GetElapsedTime(_start))
        {
            _due.Reset();
            // Timers count whole milliseconds and cut off the rest, which would wake us too early and spin.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            _due.Wait(cancellationToken);
        }
    }
}
