using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Locate;

/// <summary>A frame without content, boxes to see in it, and the two calls of a locator.</summary>
public abstract class LocatorScene : IDisposable
{
    private readonly FramePool _pool = new();

    protected LocatorScene() => Frame = _pool.Rent(640, 480, PixelLayout.Bgr);

    private protected static LocateOptions Track { get; } = new() { DetectEvery = 10, MaxFaces = 4 };

    private protected Frame Frame { get; }

    public void Dispose()
    {
        Frame.Dispose();
        _pool.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Box At(float x) => new(x, 200, 80, 80);

    private protected static Box Moving(long frame) =>
        new(270 + (200 * MathF.Sin(frame / 40f)), 190 + (100 * MathF.Sin(frame / 25f)), 100, 100 + (30 * MathF.Sin(frame / 30f)));

    private protected static float Overlap(Region a, Region b) =>
        new Box(a.X, a.Y, a.Width, a.Height).Overlap(new Box(b.X, b.Y, b.Width, b.Height));

    private protected FaceCandidate[] Locate(FaceLocator locator, long sequence)
    {
        Frame.Sequence = sequence;
        Frame.Timestamp = sequence * TimeProvider.System.TimestampFrequency / 30;
        Span<FaceCandidate> candidates = new FaceCandidate[Track.MaxFaces];
        return candidates[..locator.Locate(Frame, candidates)].ToArray();
    }

    /// <summary>Reports each candidate's box by number and frame; null: lost.</summary>
    private protected static void Report(
        FaceLocator locator,
        (long Frame, FaceCandidate[] Candidates) located,
        Func<int, long, Box?> box
    ) =>
        locator.Report(
            located.Frame,
            [
                .. located.Candidates.Select(candidate => new Face(98)
                {
                    Candidate = candidate,
                    IsPresent = box(candidate.Id, located.Frame) is not null,
                    Box = box(candidate.Id, located.Frame) ?? default,
                }),
            ]
        );
}
