using FaceLandmark.Postprocess;

namespace FaceLandmark.Plots;

/// <summary>How far the points of two engines are apart, over a whole recording.</summary>
internal sealed class AgreementSurvey
{
    private double _meanPx;
    private double _meanPercent;

    /// <summary>Faces that both engines found.</summary>
    public long Faces { get; private set; }

    /// <summary>Mean distance of a point from its counterpart, pixels.</summary>
    public double MeanPx => _meanPx / Faces;

    /// <summary>The same in % of the distance between the outer eye corners.</summary>
    public double MeanPercent => _meanPercent / Faces;

    /// <summary>Largest distance, pixels.</summary>
    public double MaxPx { get; private set; }

    /// <summary>Largest distance, % of the distance between the outer eye corners.</summary>
    public double MaxPercent { get; private set; }

    /// <summary>The faces that both results of a frame have.</summary>
    public static IEnumerable<FaceAgreement> Between(SeenFrame first, SeenFrame second)
    {
        foreach (var face in first.Faces)
        {
            if (
                second.Faces.FirstOrDefault(other => other.Id == face.Id) is { } counterpart
                && face.Points.Length == counterpart.Points.Length
                && face.Points.Length > 0
                && FaceAgreement.Between(face.Points, counterpart.Points) is var found
                && double.IsFinite(found.MeanPercent)
            )
                yield return found;
        }
    }

    /// <summary>Adds a face.</summary>
    public void Add(FaceAgreement face)
    {
        Faces++;
        (_meanPx, _meanPercent) = (_meanPx + face.MeanPx, _meanPercent + face.MeanPercent);
        (MaxPx, MaxPercent) = (Math.Max(MaxPx, face.MaxPx), Math.Max(MaxPercent, face.MaxPercent));
    }
}
