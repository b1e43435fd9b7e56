using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The link against a real broker.</summary>
[Trait("Category", "mqtt")]
public sealed class MqttLinkTests
{
    private const string Status = "facelandmark/node7/status";

    // MQTT 3.1.1 has no user properties.
    private static string? Session => ChosenBroker.SpeaksMqtt5 ? "s1" : null;

    [Fact]
    public async Task Retained_topics_reach_a_subscriber_that_comes_later()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = new LinkBench(new MqttOptions { Port = broker.Port });
        bench.Link.SetState(bench.Topics.Info, "{\"a\":1}"u8.ToArray());
        bench.Link.SetState(bench.Topics.Camera("cam0").State, "{\"b\":1}"u8.ToArray());
        bench.Link.SetState(bench.Topics.Camera("cam0").State, "{\"b\":2}"u8.ToArray());
        bench.Link.Start();
        await bench.WaitOnlineAsync();

        var printed = await MosquittoClients.SubscribeAsync(
            3,
            [
                .. ChosenBroker.Version,
                "-p",
                $"{broker.Port}",
                "-t",
                bench.Topics.Info,
                "-t",
                bench.Topics.Camera("cam0").State,
                "-t",
                bench.Topics.Status,
                "-F",
                "%r %t %p",
            ]
        );
        Assert.Equal(
            [
                "1 facelandmark/node7/cameras/cam0/state {\"b\":2}",
                "1 facelandmark/node7/info {\"a\":1}",
                "1 facelandmark/node7/status online",
            ],
            printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_node_that_vanishes_is_offline_by_its_last_will_of_the_same_session()
    {
        await using var broker = await ChosenBroker.StartAsync();
        var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port, Status);
        var online = await subscriber.NextAsync();
        Assert.Equal((Status, "online", Session), (online.Topic, online.Text, SessionOf(online)));

        await bench.DisposeAsync(); // without StopAsync: no goodbye

        var offline = await subscriber.NextAsync();
        Assert.Equal((Status, "offline", Session), (offline.Topic, offline.Text, SessionOf(offline)));
        await using var later = await Subscriber.StartAsync(broker.Port, Status);
        var retained = await later.NextAsync();
        Assert.Equal(("offline", true), (retained.Text, retained.Retained));
    }

    [Fact]
    public async Task A_clean_stop_sends_what_waits_says_stopped_and_leaves_no_will()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        // Few enough of QoS 1 that the broker need not hold any back and let later ones of QoS 0 pass.
        for (var i = 0; i < 100; i++)
            Assert.True(bench.Send("facelandmark/node7/x", [(byte)i], qos: i % 10 == 0 ? 1 : 0));
        await bench.Link.StopAsync(Patience.Limit);
        Assert.False(bench.Send("facelandmark/node7/x", [0], qos: 0));

        // The marker is later than anything the node or its will could have sent.
        await subscriber.PublishAsync("facelandmark/end", "end", qos: 1);
        var all = await subscriber.UntilAsync(message => message.Topic == "facelandmark/end");
        var numbers = all.Where(message => message.Topic == "facelandmark/node7/x")
            .Select(message => (int)message.Payload[0])
            .ToLookup(i => i % 10 == 0);
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 == 0), numbers[true]); // MQTT keeps the order of each quality of service
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 != 0), numbers[false]);
        Assert.Equal((Status, "stopped", Session), (all[^2].Topic, all[^2].Text, SessionOf(all[^2])));
        Assert.DoesNotContain(all, message => message.Text == "offline");
        Assert.Equal(0, bench.Metrics.Snapshot().Mqtt.Failed);
        Assert.DoesNotContain(bench.Log.All, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task The_broker_may_come_later_than_the_node()
    {
        var port = Ports.Free();
        await using var bench = new LinkBench(new MqttOptions { Port = port });
        bench.Link.SetState(bench.Topics.Info, "{}"u8.ToArray());
        bench.Link.Start();
        Assert.Equal(
            $"Nothing listens on 127.0.0.1:{port}: start the broker, or check Mqtt:Host and Mqtt:Port. "
                + "The node goes on without it and keeps trying.",
            await bench.Log.NextAsync(LogLevel.Warning)
        );
        Assert.False(bench.Send("t", [1], qos: 0));
        Assert.False(bench.Send("t", [1], qos: 0, kind: MessageClass.Preview));
        Assert.Equal((1, 1), (bench.Drops(DropPlace.Publish, DropReason.Offline), bench.Drops(DropPlace.Preview, DropReason.Offline)));

        await using var broker = await ChosenBroker.StartAsync(port);
        await bench.WaitOnlineAsync();
        Assert.Matches(
            @"^Connected to the broker 127\.0\.0\.1:\d+ again after \d+\.\d s\.$",
            await bench.Log.NextAsync(LogLevel.Information)
        );
        Assert.Equal(2, bench.Log.All.Count(line => !line.Text.StartsWith("The node speaks MQTT 3.1.1", StringComparison.Ordinal)));
        await using var subscriber = await Subscriber.StartAsync(port, bench.Topics.Info, Status);
        var both = new[] { await subscriber.NextAsync(), await subscriber.NextAsync() };
        Assert.Equal(["facelandmark/node7/info", Status], both.Select(message => message.Topic).Order());
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_broker_that_lost_everything_gets_it_again_and_status_last()
    {
        var first = await ChosenBroker.StartAsync();
        await using var empty = await ChosenBroker.StartAsync();
        await using var bench = new LinkBench(new MqttOptions { Port = first.Port, Failover = $"127.0.0.1:{empty.Port}" });
        string[] topics = [bench.Topics.Info, bench.Topics.Camera("cam0").State];
        // Who is there before the node sees all that it publishes.
        await using var subscriber = await Subscriber.StartAsync(empty.Port);
        foreach (var topic in topics)
            bench.Link.SetState(topic, "{\"old\":1}"u8.ToArray());
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        await first.DisposeAsync();
        Assert.Contains($"broker 127.0.0.1:{first.Port} ", await bench.Log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);
        bench.Link.SetState(topics[1], "{\"new\":1}"u8.ToArray());
        var all = await subscriber.UntilAsync(message => message.Text == "online");
        var seen = all.Select(message => (message.Topic, message.Text)).ToList();
        Assert.Equal((Status, "online"), seen[^1]);
        Assert.Equal((topics[0], "{\"old\":1}"), Assert.Single(seen, message => message.Topic == topics[0]));
        Assert.Equal("{\"new\":1}", seen.Last(message => message.Topic == topics[1]).Text);
        Assert.Single(bench.Log.All, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Another_client_of_the_same_name_is_suspected_where_the_broker_does_not_tell()
    {
        await using var broker = await ChosenBroker.StartAsync();
        var twin = new MqttOptions { Port = broker.Port, ClientId = "twin" };
        // NATS holds who comes again for a second; that stays "soon gone" to the default pauses.
        await using var first = new LinkBench(twin, reconnectAfterAtMost: 15);
        await using var second = new LinkBench(twin, reconnectAfterAtMost: 15);
        first.Link.Start();
        await first.WaitOnlineAsync();
        second.Link.Start();
        string warning;
        do warning = await first.Log.NextAsync(LogLevel.Warning);
        while (!warning.Contains("identifier 'twin'", StringComparison.Ordinal));
        Assert.Contains("give every node a Node:Name or Mqtt:ClientId of its own", warning, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_full_queue_drops_the_oldest_and_counts()
    {
        ChosenBroker.Needs(BrokerAbility.OwnProcess);
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { QueueLength = 8 });
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "x");
        broker.Freeze();
        for (byte i = 0; i < 50; i++)
            Assert.True(bench.Send("x", [i], qos: 1));
        // Twenty go out without a receipt, at once or when most of the others have already pushed each other out.
        Assert.InRange(bench.Metrics.Snapshot().Mqtt.Queued, 0, 8);
        Assert.InRange(bench.Drops(DropPlace.Publish, DropReason.QueueFull), 22, 42);
        broker.Thaw();
        var all = await subscriber.UntilAsync(message => message.Payload[0] == 49);
        Assert.Equal(Enumerable.Range(42, 8), all.TakeLast(8).Select(message => (int)message.Payload[0]));
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_stop_does_not_wait_longer_than_its_deadline_for_a_broker_that_hangs()
    {
        ChosenBroker.Needs(BrokerAbility.OwnProcess);
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        broker.Freeze();
        for (var i = 0; i < 10; i++)
            bench.Send("x", [1], qos: 1);
        await bench.Link.StopAsync(TimeSpan.FromSeconds(0.2)).InTimeAsync();
        Assert.InRange(bench.Drops(DropPlace.Publish, DropReason.Stopping), 9, 10);
        Assert.Contains("took too long", await bench.Log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_larger_than_the_broker_accepts_is_refused_and_the_connection_stays()
    {
        ChosenBroker.Needs(BrokerAbility.AnnouncedLimits);
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(LargestMessage: 1000));
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "x");
        Assert.Equal(1000, bench.Link.MaxPacketBytes);
        Assert.False(bench.Send("x", new byte[1000], qos: 0));
        Assert.Equal(1, bench.Drops(DropPlace.Publish, DropReason.TooLarge));
        bench.Link.SetState("y", new byte[2000]);
        Assert.Contains("2000 bytes", await bench.Log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);
        Assert.True(bench.Send("x", new byte[900], qos: 0, MessageJson.ContentType, long.MaxValue));
        Assert.Equal(900, (await subscriber.NextAsync()).Payload.Length);
    }

    private static string? SessionOf(Subscriber.Received message) => message.Properties.GetValueOrDefault("session");
}
