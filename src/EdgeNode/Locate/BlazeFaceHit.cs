using System.Numerics;
using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>
/// One face as BlazeFace sees it. Position and size share a unit: fractions of the network's input after decoding, pixels of the
/// frame after mapping.
/// </summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Centre">Centre of the network's face box.</param>
/// <param name="Size">Width and height of that box.</param>
internal readonly record struct BlazeFaceHit(float Score, Vector2 Centre, Vector2 Size)
{
    // Medians over 653 labelled faces filling 16, 31 and 62 % of the picture's side: 0.02 to 0.10 and 0.92 to 0.96 with the back network,
    // 0.00 to 0.05 and 0.90 to 0.96 with the front one; 607 other faces, all sizes together: 0.05 and 0.94, 0.02 and 0.94. With these
    // constants the centre is off by 0.04 to 0.06 of the side in the median, the side by 8 %. Sums of the network's six key points
    // (eyes, nose, mouth, ears) got down to 0.03 and 5 to 7 %, with large weights of opposite sign that did not carry over from size to
    // size.
    private const float LandmarksBelowCentre = 0.045f;
    private const float LandmarksSide = 0.95f;

    /// <summary>The network's face box.</summary>
    public Box Box => new(Centre.X - (Size.X / 2), Centre.Y - (Size.Y / 2), Size.X, Size.Y);

    /// <summary>The box of the 98 landmarks to be expected: brows to chin, its longer side as a square.</summary>
    public Box LandmarkBox
    {
        get
        {
            var size = LandmarksSide * Size;
            return new Box(Centre.X - (size.X / 2), Centre.Y + (LandmarksBelowCentre * Size.Y) - (size.Y / 2), size.X, size.Y);
        }
    }

    /// <summary>The hit in other coordinates: every position p becomes <paramref name="origin"/> + <paramref name="scale"/> p.</summary>
    public BlazeFaceHit Mapped(Vector2 origin, float scale) => new(Score, origin + (scale * Centre), scale * Size);

    /// <summary>Goes towards another hit by a share of 0 to 1; the score stays.</summary>
    public BlazeFaceHit Blended(in BlazeFaceHit other, float share) =>
        new(Score, Vector2.Lerp(Centre, other.Centre, share), Vector2.Lerp(Size, other.Size, share));
}
