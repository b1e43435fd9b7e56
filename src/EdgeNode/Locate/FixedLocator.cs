using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>One region that is given from outside: for evaluation on lists with boxes and for <c>image --region</c>.</summary>
internal sealed class FixedLocator : IFaceLocator
{
    /// <summary>The region of the next frame.</summary>
    public Region Region { get; set; }

    /// <summary>Whether the detector has placed the region, so that the network looks a second time.</summary>
    public bool IsFirstLook { get; init; }

    /// <inheritdoc/>
    public int Locate(Frame frame, Span<FaceCandidate> candidates)
    {
        candidates[0] = new FaceCandidate(1, Region, IsFirstLook);
        return 1;
    }

    /// <inheritdoc/>
    public void Report(long sequence, ReadOnlySpan<Face> faces)
    {
        // Nothing is followed.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }
}
