namespace FaceLandmark.Health;

/// <summary>How a node is, as the command <c>health</c> and the endpoint <c>/health</c> tell it.</summary>
/// <param name="Status"><see cref="Ok"/>, or <c>degraded</c> when there are troubles.</param>
/// <param name="Troubles">What is wrong, a sentence each.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="Session">This start of it.</param>
/// <param name="UptimeSeconds">Seconds since the start.</param>
/// <param name="Broker">State of the connection to the broker.</param>
/// <param name="Cameras">State of each camera.</param>
/// <param name="Mode">How frames are shared out.</param>
/// <param name="Engine">What makes the results.</param>
/// <param name="Model">Name of its model.</param>
/// <param name="Fps">Frames a second with a result.</param>
/// <param name="EndToEndMs">Milliseconds from capture to message, median.</param>
/// <param name="Drops">Frames dropped since the start.</param>
/// <param name="MemoryBytes">Resident memory.</param>
internal sealed record HealthReport(
    string Status,
    IReadOnlyList<string> Troubles,
    string Node,
    string Session,
    double UptimeSeconds,
    string Broker,
    IReadOnlyDictionary<string, string> Cameras,
    string Mode,
    string Engine,
    string Model,
    double Fps,
    double EndToEndMs,
    long Drops,
    long MemoryBytes
)
{
    /// <summary>All is well.</summary>
    public const string Ok = "ok";
}
