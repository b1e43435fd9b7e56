namespace FaceLandmark.Mqtt;

/// <summary>What the node listens to.</summary>
/// <param name="Filter">Topic filter.</param>
/// <param name="Handle">Called for each message, on a thread of the client's; must not wait.</param>
/// <param name="SeesRetainFlag">Whether a message that comes live shows that its sender wants it retained (MQTT 5).</param>
internal sealed record Subscription(string Filter, Action<InboundMessage> Handle, bool SeesRetainFlag);
