namespace FaceLandmark.Postprocess;

/// <summary>The section <c>Postprocess</c>.</summary>
public sealed record PostprocessOptions
{
    /// <summary>The least presence score at which points are published as a face; 0 to 1. 0 publishes 98 points whatever they lie on, as the original application does.</summary>
    public float MinPresence { get; init; } = 0.3f;

    /// <summary>True: points of a followed face are smoothed (one-euro filter) against camera noise; messages then say <c>filtered</c>.</summary>
    public bool Smoothing { get; init; }
}
