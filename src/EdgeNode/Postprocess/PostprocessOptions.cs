namespace FaceLandmark.Postprocess;

/// <summary>The section <c>Postprocess</c>.</summary>
internal sealed record PostprocessOptions
{
    /// <summary>
    /// The least presence score at which points are published as a face; 0 to 1. 0 publishes 98 points whatever they lie on, as the
    /// original application does.
    /// </summary>
    public float MinPresence { get; init; } = 0.3f;

    /// <summary>
    /// True: points of a followed face are smoothed against camera noise (one-euro filter in the frame of the face); messages then say
    /// <c>filtered</c>. False: points are published as the network gives them.
    /// </summary>
    public bool Smoothing { get; init; } = true;
}
