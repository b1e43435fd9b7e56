using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>All that is to be sent, whichever connection there is.</summary>
/// <param name="State">Retained topics.</param>
/// <param name="Queue">Messages that are sent once.</param>
/// <param name="Outbox">Messages on disk; null: none are kept there.</param>
/// <param name="Metrics">Where drops are counted.</param>
internal sealed record LinkLoad(RetainedState State, SendQueue Queue, Outbox? Outbox, NodeMetrics Metrics)
{
    /// <summary>A message is not sent.</summary>
    public void Drop(in OutboundMessage message, DropReason reason)
    {
        message.Return();
        Metrics.Dropped(message.Message.Class.DropPlace(), reason);
        message.Message.Lost?.Invoke();
    }
}
