using FaceLandmark.Postprocess;

namespace FaceLandmark.Publish;

/// <summary>The distances between two engines over the last faces compared. One thread at a time.</summary>
internal sealed class CompareWindow
{
    /// <summary>Faces it holds at most.</summary>
    public const int Size = 1024;

    private readonly FaceAgreement[] _ring = new FaceAgreement[Size];
    private long _count;

    /// <summary>Faces in it.</summary>
    public int Faces => (int)Math.Min(_count, Size);

    /// <summary>Mean distance of a point, pixels; NaN without faces.</summary>
    public double MeanPx { get; private set; } = double.NaN;

    /// <summary>Largest distance of a point, pixels; NaN without faces.</summary>
    public double MaxPx { get; private set; } = double.NaN;

    /// <summary>Mean distance in % of the inter-ocular distance.</summary>
    public double MeanPercent { get; private set; } = double.NaN;

    /// <summary>Largest distance in % of the inter-ocular distance.</summary>
    public double MaxPercent { get; private set; } = double.NaN;

    /// <summary>Adds a face; the oldest falls out.</summary>
    public void Add(FaceAgreement face) => _ring[_count++ % Size] = face;

    /// <summary>Computes the figures of what is in it.</summary>
    public void Measure()
    {
        double sumPx = 0,
            sumPercent = 0,
            maxPx = 0,
            maxPercent = 0;
        foreach (var face in _ring.AsSpan(0, Faces))
        {
            sumPx += face.MeanPx;
            sumPercent += face.MeanPercent;
            maxPx = Math.Max(maxPx, face.MaxPx);
            maxPercent = Math.Max(maxPercent, face.MaxPercent);
        }

        if (Faces > 0)
            (MeanPx, MaxPx, MeanPercent, MaxPercent) = (sumPx / Faces, maxPx, sumPercent / Faces, maxPercent);
    }
}
