using FaceLandmark.Capture;
using FaceLandmark.Locate;
using Microsoft.Win32.SafeHandles;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// The film of the measurements: two seconds of the demo, 640x480 in YUY2, frame after frame without anything between them, as a camera
/// gives them. It is played forwards and backwards, so that nothing jumps and followed faces stay followed. Thread-safe.
/// </summary>
internal sealed class FilmFile : IDisposable
{
    /// <summary>Width of a frame, pixels.</summary>
    public const int Width = 640;

    /// <summary>Height of a frame, pixels.</summary>
    public const int Height = 480;

    /// <summary>Faces that it has at least.</summary>
    public const int Faces = 3;

    private const int Length = 60;
    private const double Rate = 30;
    private const int ShotsLookedAt = 24;
    private const int FramesAShot = 180;
    private const int FrameBytes = 2 * Width * Height;

    private readonly SafeFileHandle _file;
    private readonly int _frames;

    /// <summary>Opens a film.</summary>
    public FilmFile(string path)
    {
        _file = File.OpenHandle(path);
        _frames = (int)(RandomAccess.GetLength(_file) / FrameBytes);
    }

    /// <summary>
    /// Makes one of the demo's photographs: of the first shot in which the detector sees enough faces, from where on it sees them.
    /// </summary>
    /// <returns>The square in which the largest face is in the first frame: x, y, side in pixels.</returns>
    /// <exception cref="BenchException">No shot has enough faces.</exception>
    /// <exception cref="SourceException">There are no photographs.</exception>
    public static IReadOnlyList<double> Make(string path, IFaceDetector detector)
    {
        var movie = new DemoMovie(Path.Combine(AppContext.BaseDirectory, "assets", "demo"), Width, Height, Rate);
        using var pool = new FramePool();
        for (var shot = 0; shot < ShotsLookedAt; shot++)
        {
            var first = (shot * FramesAShot) + Length;
            using var begin = movie.Render(first, pool);
            var found = detector.Detect(begin);
            using var end = movie.Render(first + Length - 1, pool);
            if (Math.Min(found.Count, detector.Detect(end).Count) < Faces)
                continue;
            using var file = File.Create(path);
            for (var index = first; index < first + Length; index++)
            {
                using var frame = movie.Render(index, pool);
                file.Write(frame.Data);
            }

            var box = found.MaxBy(face => face.Box.Width * face.Box.Height).Box;
            var side = 1.25 * Math.Max(box.Width, box.Height);
            return [box.X + ((box.Width - side) / 2), box.Y + ((box.Height - side) / 2), side];
        }

        throw new BenchException(
            $"No part of the demo shows {Faces} faces: restore the photographs of assets/demo (./run.sh fetches them)."
        );
    }

    /// <summary>Reads a frame, which the caller owns.</summary>
    /// <param name="number">0, 1, 2, ... without end.</param>
    /// <param name="pool">Where the frame comes from.</param>
    /// <exception cref="SourceException">The film is cut short.</exception>
    public Frame Read(long number, FramePool pool)
    {
        var turn = (2 * _frames) - 2;
        var place = number % turn;
        var index = place < _frames ? place : turn - place;
        var frame = pool.Rent(Width, Height, PixelLayout.Yuy2);
        var data = frame.Data;
        for (var at = 0; at < data.Length;)
        {
            var read = RandomAccess.Read(_file, data[at..], (index * FrameBytes) + at);
            if (read == 0)
            {
                frame.Dispose();
                throw new SourceException("The film of the benchmark is cut short: start it again, with more room for temporary files.");
            }

            at += read;
        }

        return frame;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
