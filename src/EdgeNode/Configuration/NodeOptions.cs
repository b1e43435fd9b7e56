namespace FaceLandmark.Configuration;

/// <summary>The section <c>Node</c>.</summary>
internal sealed record NodeOptions
{
    /// <summary>Name in topics: 1 to 64 characters, none of <c>+ # /</c>, no control characters; empty: the host's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How long a stop may take until the rest is dropped; 0.1 s to 5 min.</summary>
    public TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(5);
}
