using FaceLandmark.Faces;

namespace FaceLandmark.Postprocess;

/// <summary>Decides whether points are a face.</summary>
internal static class PresenceGate
{
    private const int Wflw = 2 * 98;

    /// <summary>
    /// Sets <see cref="Face.Score"/> and <see cref="Face.IsPresent"/>. The score is the sigmoid of the network's presence logit, or the
    /// points' <see cref="ShapePlausibility"/> where the network has none; 1 where the layout is another than its 98 points, so that
    /// nothing can be said against them; 0 when points are not finite.
    /// </summary>
    /// <param name="face">With its points in pixels.</param>
    /// <param name="finite">What <see cref="LandmarkProjection.Project"/> said.</param>
    /// <param name="presenceLogit">NaN: the network has no opinion.</param>
    /// <param name="minPresence"><see cref="PostprocessOptions.MinPresence"/>.</param>
    public static void Apply(Face face, bool finite, float presenceLogit, float minPresence)
    {
        face.Score =
            !finite ? 0
            : float.IsNaN(presenceLogit)
                ? face.Points.Length == Wflw ? ShapePlausibility.Score(face.Points)
                    : 1
            : 1 / (1 + MathF.Exp(-presenceLogit));
        face.IsPresent = finite && face.Score >= minPresence;
    }
}
