using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>A link with all it needs, quick to reconnect.</summary>
internal sealed class LinkBench : IAsyncDisposable
{
    public LinkBench(MqttOptions options, string host = "127.0.0.1", Outbox? outbox = null, NodeMetrics? metrics = null)
    {
        Options = options with { Host = host, ReconnectAfter = TimeSpan.FromSeconds(0.1), ReconnectAfterAtMost = TimeSpan.FromSeconds(0.5) };
        Metrics = metrics ?? Samples.Metrics(TimeProvider.System);
        Link = new MqttLink(Options, Topics, "s1", Metrics, TimeProvider.System, Log, outbox);
    }

    public MqttOptions Options { get; }

    public MqttTopics Topics { get; } = Samples.Topics();

    public NodeMetrics Metrics { get; }

    public LogProbe<MqttLink> Log { get; } = new();

    public MqttLink Link { get; }

    public static async Task<LinkBench> OnlineAsync(int port, MqttOptions? options = null)
    {
        var bench = new LinkBench((options ?? new MqttOptions()) with { Port = port });
        await bench.Link.StartAsync();
        await bench.WaitOnlineAsync();
        return bench;
    }

    public Task WaitOnlineAsync() => Link.WaitUntilOnlineAsync(TestContext.Current.CancellationToken).InTimeAsync();

    public long Drops(string place, string reason) => Metrics.Snapshot().Drops.GetValueOrDefault(place)?.GetValueOrDefault(reason) ?? 0;

    public ValueTask DisposeAsync() => Link.DisposeAsync();
}
