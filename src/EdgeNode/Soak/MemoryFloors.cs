namespace FaceLandmark.Soak;

/// <summary>The least memory of each of the <see cref="MemoryTrend.Windows"/> pieces that a run is cut into.</summary>
/// <param name="duration">How long the run takes.</param>
internal sealed class MemoryFloors(TimeSpan duration)
{
    private readonly double[] _kilobytes = new double[MemoryTrend.Windows];

    /// <summary>Kilobytes; 0 where nobody looked.</summary>
    public IReadOnlyList<double> Kilobytes => [.. _kilobytes.Select(kilobytes => Math.Round(kilobytes))];

    /// <summary>Which piece a moment is in; the last one from the end on.</summary>
    public int PieceOf(TimeSpan at) => Math.Min((int)(at / duration * MemoryTrend.Windows), MemoryTrend.Windows - 1);

    /// <summary>Takes a look.</summary>
    public void Note(TimeSpan at, double kilobytes)
    {
        ref var floor = ref _kilobytes[PieceOf(at)];
        floor = floor > 0 ? Math.Min(floor, kilobytes) : kilobytes;
    }
}
