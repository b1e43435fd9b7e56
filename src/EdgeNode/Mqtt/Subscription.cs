namespace FaceLandmark.Mqtt;

/// <summary>What the node listens to.</summary>
/// <param name="Filter">Topic filter.</param>
/// <param name="Handle">Called for each message, on a thread of the client's; must not wait.</param>
/// <param name="SeesRetainFlag">Whether a message that comes live shows that its sender wants it retained (MQTT 5).</param>
/// <param name="Plain">The topics meant, for brokers that allow no wildcards; empty where the filter has none.</param>
/// <param name="Qos">
/// Quality of service at most: 0 for the latest of many nodes, which a broker must neither queue nor keep an account of; 1 for what is to
/// arrive.
/// </param>
internal sealed record Subscription(
    string Filter,
    Action<InboundMessage> Handle,
    bool SeesRetainFlag,
    IReadOnlyList<string> Plain,
    int Qos = 1
)
{
    /// <summary>The filters to ask the broker for.</summary>
    public IReadOnlyList<string> FiltersFor(ConnectionLimits limits) => limits.Wildcards || Plain.Count == 0 ? [Filter] : Plain;
}
