namespace FaceLandmark.Platform;

/// <summary>Who says something: a node, and which of its starts.</summary>
/// <param name="Name">Name of the node.</param>
/// <param name="Session">Identifies this start.</param>
/// <param name="StartedAt">When it started (UTC).</param>
internal sealed record NodeIdentity(string Name, string Session, DateTimeOffset StartedAt)
{
    /// <summary>A start of a node, now.</summary>
    public static NodeIdentity Of(string name, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new NodeIdentity(name, Guid.NewGuid().ToString("N"), time.GetUtcNow());
    }
}
