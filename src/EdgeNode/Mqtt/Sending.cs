namespace FaceLandmark.Mqtt;

/// <summary>
/// Something on its way to the broker: a retained state, the status, a message of the outbox, or one that was handed over to be sent once.
/// </summary>
/// <param name="Trait">What it is to the broker.</param>
internal abstract record Sending(LearnedLimits.Trait Trait)
{
    /// <summary>A retained topic.</summary>
    internal sealed record State(string Topic, byte[] Payload, LearnedLimits.Trait Trait) : Sending(Trait);

    /// <summary>The node's status.</summary>
    internal sealed record Status(LearnedLimits.Trait Trait) : Sending(Trait);

    /// <summary>A message of the outbox.</summary>
    internal sealed record Stored(OutboxEntry Entry, LearnedLimits.Trait Trait) : Sending(Trait);

    /// <summary>A message that is sent once.</summary>
    internal sealed record Once(OutboundMessage Message, LearnedLimits.Trait Trait) : Sending(Trait);
}
