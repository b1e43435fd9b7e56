using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The link at a broker of another family: NATS.</summary>
[Trait("Category", "reliability")]
public sealed class NatsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nats-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task State_is_kept_messages_arrive_and_the_last_will_is_told()
    {
        await using var broker = await NatsBroker.StartAsync(_folder);
        await using (var bench = await LinkBench.OnlineAsync(broker.Port))
        {
            Assert.False(bench.Link.IsVersion5);
            bench.Link.SetState(bench.Topics.Info, "{}"u8.ToArray());
            string[] state;
            do state = await SubscribeAsync(broker, 2, "facelandmark/#");
            while (state.Any(line => line.StartsWith('0'))); // it was there before the state was kept
            Assert.Equal(
                ["1 facelandmark/node7/info {}", "1 facelandmark/node7/status online"],
                state.Order(StringComparer.Ordinal)
            );
            var live = SubscribeAsync(broker, 2, "facelandmark/node7/x");
            while (!live.IsCompleted) // nobody tells when a subscriber of another program is there
            {
                bench.Send("facelandmark/node7/x", "live"u8.ToArray(), qos: 1);
                await Task.WhenAny(live, Task.Delay(100, TestContext.Current.CancellationToken));
            }

            Assert.Equal(["0 facelandmark/node7/x live", "0 facelandmark/node7/x live"], await live);
        }

        Assert.Equal(["1 facelandmark/node7/status offline"], await SubscribeAsync(broker, 1, "facelandmark/node7/status", "offline"));
    }

    [Fact]
    public async Task What_waits_while_it_is_away_arrives_in_order_when_it_is_back_and_the_state_is_true_again()
    {
        var options = new OutboxOptions { File = Path.Combine(_folder, "outbox.db") };
        var metrics = Samples.Metrics(TimeProvider.System);
        await using var outbox = new Outbox(options, metrics, TimeProvider.System, new LogProbe<Outbox>());
        var first = await NatsBroker.StartAsync(_folder);
        await using var bench = new LinkBench(new MqttOptions { Port = first.Port }, outbox: outbox, metrics: metrics);
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        bench.Link.SetState(bench.Topics.Info, "before"u8.ToArray());
        await SubscribeAsync(first, 1, bench.Topics.Info);
        await first.DisposeAsync();

        bench.Link.SetState(bench.Topics.Info, "after"u8.ToArray());
        for (var i = 0; i < 50; i++)
            bench.Link.Deliver(new MqttMessage("e", BitConverter.GetBytes(i), MessageClass.Event));
        await using var second = await NatsBroker.StartAsync(_folder, first.Port);
        Assert.Equal(["1 facelandmark/node7/info after"], await SubscribeAsync(second, 1, bench.Topics.Info, "after"));
        using var limit = Patience.NewLimit();
        while (outbox.Count > 0)
            await Task.Delay(20, limit.Token); // the outbox tells nobody
        await bench.Link.StopAsync(Patience.Limit);
        Assert.Equal(["1 facelandmark/node7/status stopped"], await SubscribeAsync(second, 1, bench.Topics.Status, "stopped"));
    }

    [Fact]
    public async Task A_dot_in_the_nodes_name_which_it_does_not_take_is_named()
    {
        await using var broker = await NatsBroker.StartAsync(_folder);
        await using var bench = new LinkBench(
            new MqttOptions { Port = broker.Port },
            topics: new MqttTopics("facelandmark", "node.example", ["cam0"])
        );
        bench.Link.Start();
        Assert.Contains("take no dot and no space", await bench.Log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);
    }

    // Until a line ends with the word: what is retained changes a moment after what changes it.
    private static async Task<string[]> SubscribeAsync(NatsBroker broker, int messages, string topic, string last = "")
    {
        while (true)
        {
            var printed = await MosquittoClients.SubscribeAsync(
                messages,
                "-V",
                "mqttv311",
                "-q",
                "1",
                "-p",
                $"{broker.Port}",
                "-t",
                topic,
                "-F",
                "%r %t %p"
            );
            var lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines[^1].EndsWith(last, StringComparison.Ordinal))
                return lines;
        }
    }
}
