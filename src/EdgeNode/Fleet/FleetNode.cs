namespace FaceLandmark.Fleet;

/// <summary>A node of the fleet at a moment, from what it published. What it has not said is null.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Status"><c>online</c>, <c>stopped</c> (on purpose), <c>offline</c> (its last will) or <c>unknown</c>.</param>
/// <param name="Problems">What is wrong with it, a sentence each; empty when all is well.</param>
/// <param name="Session">Its start.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Model">Of the engine that is in use, or of the first.</param>
/// <param name="Dispatch">The dispatch mode.</param>
/// <param name="FpsIn">Frames a second captured.</param>
/// <param name="FpsOut">Frames a second with a result.</param>
/// <param name="LatencyMs">Median from capture to message.</param>
/// <param name="LatencyP99Ms">99th percentile of it.</param>
/// <param name="Dropped">Frames and messages dropped since its start.</param>
/// <param name="LastWordAt">When it last said something, as it tells or as it was heard.</param>
/// <param name="AgeSeconds">How long ago that was.</param>
/// <param name="Cameras">Its cameras, by name.</param>
internal sealed record FleetNode(
    string Node,
    string Status,
    IReadOnlyList<string> Problems,
    string? Session,
    string? Version,
    string? Model,
    string? Dispatch,
    double? FpsIn,
    double? FpsOut,
    double? LatencyMs,
    double? LatencyP99Ms,
    long? Dropped,
    DateTimeOffset? LastWordAt,
    double? AgeSeconds,
    IReadOnlyList<FleetCamera> Cameras
);
