using FaceLandmark.Capture;

namespace FaceLandmark.Benchmarks;

/// <summary>Opens the film for each camera.</summary>
/// <param name="film">The film; stays the caller's.</param>
/// <param name="clock">Says when it is over.</param>
/// <param name="fps">Frames a second of each camera; 0: as fast as they are taken.</param>
internal sealed class FilmSources(FilmFile film, FilmClock clock, double fps) : IFrameSourceFactory
{
    private const int FramesBetweenCameras = 7;
    private int _opened;

    /// <inheritdoc/>
    public IFrameSource Open(CameraOptions camera) =>
        new FilmSource(film, clock, fps, FramesBetweenCameras * (Interlocked.Increment(ref _opened) - 1));
}
