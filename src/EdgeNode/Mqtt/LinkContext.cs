using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>What all connections of a link have in common.</summary>
/// <param name="Broker">Whom it connects to, as whom.</param>
/// <param name="Load">What is to be sent.</param>
/// <param name="Learned">What was found out about the broker.</param>
/// <param name="Stop">The end.</param>
/// <param name="Words">Log lines about messages.</param>
/// <param name="Waker">Wakes the loop.</param>
/// <param name="Time">The clock.</param>
internal sealed record LinkContext(
    BrokerSettings Broker,
    LinkLoad Load,
    LearnedLimits Learned,
    LinkStop Stop,
    LinkWords Words,
    Waker Waker,
    TimeProvider Time
)
{
    /// <summary>Why what is not sent is lost now.</summary>
    public DropReason ReasonOfLoss => Stop.IsAsked ? DropReason.Stopping : DropReason.Offline;
}
