namespace FaceLandmark.Films;

/// <summary>How far a film is.</summary>
/// <param name="Frames">Frames that are done.</param>
/// <param name="At">Where in the film the last of them stands.</param>
/// <param name="Duration">How long the film is; null where it does not say.</param>
internal readonly record struct FilmAdvance(long Frames, TimeSpan At, TimeSpan? Duration)
{
    /// <summary>The share that is done, 0 to 1; null where that is not known.</summary>
    public double? Share => Duration is { } all && all > TimeSpan.Zero ? Math.Clamp(At / all, 0, 1) : null;
}
