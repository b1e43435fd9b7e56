namespace FaceLandmark.Mqtt;

/// <summary>The section <c>Outbox</c>: messages that wait on disk for the broker.</summary>
internal sealed record OutboxOptions
{
    /// <summary>
    /// The file (SQLite); its folder is made. Empty: no outbox, and what happens during an outage is dropped and counted. One node a file.
    /// </summary>
    public string File { get; init; } = "";

    /// <summary>Messages kept at most; the oldest is dropped and counted beyond; 1 to 10000000.</summary>
    public int MaxMessages { get; init; } = 100_000;

    /// <summary>How long a message that the broker refuses is tried again until it is dropped and counted; 0 s to 24 h.</summary>
    public TimeSpan RefusedAtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>True: landmarks wait, too, and all of them go through the disk with quality of service 1. False: only events.</summary>
    public bool Landmarks { get; init; }
}
