namespace FaceLandmark.Events;

/// <summary>The section <c>Events</c>: what happens to faces, on <c>cameras/&lt;cam&gt;/events</c>.</summary>
internal sealed record EventsOptions
{
    /// <summary>Whether events are sent. The summary always is.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long a face must be there before it has appeared; 0 s to 1 min.</summary>
    public TimeSpan AppearAfter { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <summary>How long it must be gone before it has left; 0.1 s to 10 min.</summary>
    public TimeSpan LeaveAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Eyes closed for longer are no blink but <c>eyesClosed</c>; 0.2 s to 1 min.</summary>
    public TimeSpan EyesClosedAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A mouth wide open for longer is a <c>yawn</c>; 0.2 s to 1 min.</summary>
    public TimeSpan YawnAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>A head turned away for longer is <c>lookingAway</c>; 0.2 s to 10 min.</summary>
    public TimeSpan LookingAwayAfter { get; init; } = TimeSpan.FromSeconds(2);
}
