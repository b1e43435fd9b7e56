namespace FaceLandmark.Hosting;

/// <summary>When a run ends by itself.</summary>
/// <param name="Frames">After so many frames; null: no limit.</param>
/// <param name="Duration">After this time; null: no limit.</param>
internal sealed record RunLimits(long? Frames = null, TimeSpan? Duration = null)
{
    /// <summary>Whether the run ends by itself: it is then a check, and does not wait for a camera that does not exist.</summary>
    public bool IsBounded => Frames is not null || Duration is not null;
}
