using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>Publishes the node's figures every <see cref="DiagnosticsOptions.StatsEvery"/> while the link is online.</summary>
internal sealed class StatsPublisher : IAsyncDisposable
{
    private readonly ITimer _timer;

    /// <summary>Begins at once; disposing ends it.</summary>
    public StatsPublisher(
        MqttLink link,
        MqttTopics topics,
        NodeIdentity identity,
        DiagnosticsOptions options,
        NodeMetrics metrics,
        TimeProvider time
    )
    {
        ArgumentNullException.ThrowIfNull(time);
        _timer = time.CreateTimer(
            _ =>
            {
                if (link.State == LinkState.Online)
                {
                    var payload = StatsMessage.Of(metrics.Snapshot(), identity).ToBytes();
                    link.TryEnqueue(new MqttMessage(topics.Stats, payload, MessageClass.Report) { ContentType = MessageJson.ContentType });
                }
            },
            null,
            options.StatsEvery,
            options.StatsEvery
        );
    }

    /// <summary>Ends it, and waits for the message that is being made.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
