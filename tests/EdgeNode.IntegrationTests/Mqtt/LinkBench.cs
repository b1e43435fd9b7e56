using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>A link with all it needs, quick to reconnect.</summary>
internal sealed class LinkBench : IAsyncDisposable
{
    public LinkBench(
        MqttOptions options,
        string host = "127.0.0.1",
        Outbox? outbox = null,
        NodeMetrics? metrics = null,
        MqttTopics? topics = null,
        double reconnectAfterAtMost = 0.5
    )
    {
        Topics = topics ?? Samples.Topics();
        Options = options with
        {
            Host = host,
            ReconnectAfter = TimeSpan.FromSeconds(0.1),
            ReconnectAfterAtMost = TimeSpan.FromSeconds(reconnectAfterAtMost),
        };
        Metrics = metrics ?? Samples.Metrics(TimeProvider.System);
        Link = new MqttLink(new BrokerSettings(Options, Topics, "s1"), Metrics, TimeProvider.System, Log, outbox);
    }

    public MqttOptions Options { get; }

    public MqttTopics Topics { get; }

    public NodeMetrics Metrics { get; }

    public LogProbe<MqttLink> Log { get; } = new();

    public MqttLink Link { get; }

    public static async Task<LinkBench> OnlineAsync(int port, MqttOptions? options = null)
    {
        var bench = new LinkBench((options ?? new MqttOptions()) with { Port = port });
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        return bench;
    }

    public Task WaitOnlineAsync() => Link.WaitUntilOnlineAsync(TestContext.Current.CancellationToken).InTimeAsync();

    /// <summary>Hands a message to the link.</summary>
    public bool Send(
        string topic,
        byte[] payload,
        int qos = 0,
        string? contentType = null,
        long? sequence = null,
        MessageClass kind = MessageClass.Report
    ) =>
        Link.TryEnqueue(
            new MqttMessage(topic, payload, kind)
            {
                Qos = qos,
                ContentType = contentType,
                Sequence = sequence,
            }
        );

    public long Drops(DropPlace place, DropReason reason) =>
        Metrics.Snapshot().Drops.GetValueOrDefault(place)?.GetValueOrDefault(reason) ?? 0;

    public ValueTask DisposeAsync() => Link.DisposeAsync();
}
