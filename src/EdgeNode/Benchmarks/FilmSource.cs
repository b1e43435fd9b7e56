using System.Diagnostics;
using FaceLandmark.Capture;

namespace FaceLandmark.Benchmarks;

/// <summary>The film as a camera: a file whose frames wait to be taken, or a live one that gives them at its own pace.</summary>
/// <param name="film">The film; stays the caller's.</param>
/// <param name="clock">Says when it is over.</param>
/// <param name="fps">Frames a second of a live one; 0: a file.</param>
/// <param name="first">Number of the first frame, so that cameras differ.</param>
internal sealed class FilmSource(FilmFile film, FilmClock clock, double fps, long first) : IFrameSource
{
    // A source that was late goes on from now, like a camera, and does not give all that it missed.
    private static readonly TimeSpan s_lateAtMost = TimeSpan.FromMilliseconds(20);

    private long _number = first;
    private long _due = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public SourceInfo Info { get; } =
        new()
        {
            Description = "film",
            Width = FilmFile.Width,
            Height = FilmFile.Height,
            Fps = fps,
            Layout = PixelLayout.Yuy2,
            IsLive = fps > 0,
        };

    /// <inheritdoc/>
    public Frame? Read(FramePool pool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (fps > 0)
            WaitUntilDue();
        if (clock.Take())
            return film.Read(_number++, pool);
        if (fps > 0)
        {
            // A live source that ended would be opened again.
            cancellationToken.WaitHandle.WaitOne();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private void WaitUntilDue()
    {
        _due += (long)(Stopwatch.Frequency / fps);
        var late = Stopwatch.GetElapsedTime(_due);
        if (late > s_lateAtMost)
            _due = Stopwatch.GetTimestamp();
        LinuxClock.Sleep(-late);
    }
}
