using System.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging.Abstractions;
using LongRoad = FaceLandmark.Benchmarks.LongRoad;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The link over a long way, against a real broker: in which order and how often messages arrive.</summary>
[Trait("Category", "mqtt")]
public sealed class FarBrokerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("far-broker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task State_that_changes_faster_than_the_way_is_long_is_skipped_and_holds_nothing_up()
    {
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(OneWithoutReceipt: true));
        await using var line = await FarNode.StartAsync(broker.Port, TimeSpan.FromSeconds(1), "far");
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        for (var change = 0; change < 1000; change++)
            line.Bench.Link.SetState(line.Bench.Topics.Info, BitConverter.GetBytes(change));
        for (byte i = 0; i < 5; i++)
            Assert.True(line.Bench.Link.Deliver(new MqttMessage(line.Bench.Topics.Camera("cam0").Events, new[] { i }, MessageClass.Event)));
        var seen = await subscriber.UntilAsync(message =>
            message.Topic.EndsWith("/events", StringComparison.Ordinal) && message.Payload[0] == 4
        );
        Assert.Equal(
            [0, 1, 2, 3, 4],
            seen.Where(message => message.Topic.EndsWith("/events", StringComparison.Ordinal)).Select(message => (int)message.Payload[0])
        );
        Assert.InRange(seen.Count(message => message.Topic == line.Bench.Topics.Info && !message.Retained), 0, 3);
        if (!seen.Any(IsLast))
            await subscriber.UntilAsync(IsLast);

        bool IsLast(Subscriber.Received message) =>
            message.Topic == line.Bench.Topics.Info && message.Payload.Length == 4 && BitConverter.ToInt32(message.Payload) == 999;
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task The_outbox_is_emptied_in_order_many_messages_a_round_trip()
    {
        const int Messages = 500;
        var roundTrip = TimeSpan.FromSeconds(0.4);
        var metrics = Samples.Metrics(TimeProvider.System);
        await using var outbox = new Outbox(
            new OutboxOptions { File = Path.Combine(_folder, "o.db") },
            metrics,
            TimeProvider.System,
            NullLogger<Outbox>.Instance
        );
        await using var broker = await ChosenBroker.StartAsync();
        await using var proxy = new LongRoad("127.0.0.1", broker.Port, roundTrip / 2);
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "e");
        await using var bench = new LinkBench(new MqttOptions { Port = proxy.Port }, outbox: outbox, metrics: metrics);
        for (var i = 0; i < Messages; i++)
            bench.Link.Deliver(new MqttMessage("e", BitConverter.GetBytes(i), MessageClass.Event));
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        var watch = Stopwatch.StartNew();
        var all = await subscriber.UntilAsync(message => BitConverter.ToInt32(message.Payload) == Messages - 1);
        Assert.Equal(Enumerable.Range(0, Messages), all.Select(message => BitConverter.ToInt32(message.Payload)));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Messages * roundTrip / 4); // one at a time: 200 s
    }
}
