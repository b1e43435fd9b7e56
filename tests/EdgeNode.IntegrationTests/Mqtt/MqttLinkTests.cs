using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The link against a real mosquitto.</summary>
public sealed class MqttLinkTests
{
    private const string Status = "facelandmark/node7/status";

    [Fact]
    public async Task Retained_topics_reach_a_subscriber_that_comes_later()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bench = new LinkBench(new MqttOptions { Port = broker.Port });
        bench.Link.SetState(bench.Topics.Info, "{\"a\":1}"u8.ToArray());
        bench.Link.SetState(bench.Topics.Camera("cam0").State, "{\"b\":1}"u8.ToArray());
        bench.Link.SetState(bench.Topics.Camera("cam0").State, "{\"b\":2}"u8.ToArray());
        bench.Link.Start();
        await bench.WaitOnlineAsync();

        var printed = await MosquittoClients.SubscribeAsync(3, "-V", "5", "-p", $"{broker.Port}", "-t", "facelandmark/#", "-F", "%r %t %p");
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
        await using var broker = await MosquittoBroker.StartAsync();
        var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        var online = await subscriber.NextAsync();
        Assert.Equal((Status, "online", "s1"), (online.Topic, online.Text, online.Properties["session"]));

        await bench.DisposeAsync(); // without StopAsync: no goodbye

        var offline = await subscriber.NextAsync();
        Assert.Equal((Status, "offline", "s1"), (offline.Topic, offline.Text, offline.Properties["session"]));
        await using var later = await Subscriber.StartAsync(broker.Port);
        var retained = await later.NextAsync();
        Assert.Equal(("offline", true), (retained.Text, retained.Retained));
    }

    [Fact]
    public async Task A_clean_stop_sends_what_waits_says_stopped_and_leaves_no_will()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        // Few enough of QoS 1 that the broker need not hold any back and let later ones of QoS 0 pass.
        for (var i = 0; i < 100; i++)
            Assert.True(bench.Send("facelandmark/node7/x", [(byte)i], qos: i % 10 == 0 ? 1 : 0));
        await bench.Link.StopAsync(Patience.Limit);
        Assert.False(bench.Send("facelandmark/node7/x", [0], qos: 0));

        // The marker is later than anything the node or its will could have sent.
        await subscriber.PublishAsync("facelandmark/end", "end");
        var all = await subscriber.UntilAsync(message => message.Topic == "facelandmark/end");
        Assert.Equal("online", all[0].Text);
        var numbers = all.Where(message => message.Topic == "facelandmark/node7/x")
            .Select(message => (int)message.Payload[0])
            .ToLookup(i => i % 10 == 0);
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 == 0), numbers[true]); // MQTT keeps the order of each quality of service
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 != 0), numbers[false]);
        Assert.Equal((Status, "stopped", "s1"), (all[^2].Topic, all[^2].Text, all[^2].Properties["session"]));
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

        await using var broker = await MosquittoBroker.StartAsync(port);
        await bench.WaitOnlineAsync();
        Assert.Matches(
            @"^Connected to the broker 127\.0\.0\.1:\d+ again after \d+\.\d s\.$",
            await bench.Log.NextAsync(LogLevel.Information)
        );
        Assert.Equal(2, bench.Log.All.Count);
        await using var subscriber = await Subscriber.StartAsync(port);
        var both = new[] { await subscriber.NextAsync(), await subscriber.NextAsync() };
        Assert.Equal(["facelandmark/node7/info", Status], both.Select(message => message.Topic).Order());
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_broker_that_lost_everything_gets_it_again_and_status_last()
    {
        var port = Ports.Free();
        await using var bench = new LinkBench(new MqttOptions { Port = port });
        string[] topics = [bench.Topics.Info, bench.Topics.Camera("cam0").State];
        await using (await MosquittoBroker.StartAsync(port))
        {
            foreach (var topic in topics)
                bench.Link.SetState(topic, "{\"old\":1}"u8.ToArray());
            bench.Link.Start();
            await bench.WaitOnlineAsync();
        }

        Assert.StartsWith(
            $"The connection to the broker 127.0.0.1:{port} was lost.",
            await bench.Log.NextAsync(LogLevel.Warning),
            StringComparison.Ordinal
        );
        bench.Link.SetState(topics[1], "{\"new\":1}"u8.ToArray());

        await using var broker = await MosquittoBroker.StartAsync(port, ("log_type", "log_type all"));
        await using (var subscriber = await Subscriber.StartAsync(port))
        {
            var all = new[] { await subscriber.NextAsync(), await subscriber.NextAsync(), await subscriber.NextAsync() };
            Assert.Equal(
                [(topics[1], "{\"new\":1}"), (topics[0], "{\"old\":1}"), (Status, "online")],
                all.Select(message => (message.Topic, message.Text)).OrderBy(message => message.Topic, StringComparer.Ordinal)
            );
        }

        await bench.Log.NextAsync(LogLevel.Information);
        Assert.Single(bench.Log.All, line => line.Level == LogLevel.Warning);
        await broker.DisposeAsync();
        var published = broker
            .Log.Where(line => line.Contains("Received PUBLISH from facelandmark-node7", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(3, published.Length);
        Assert.Contains($"'{Status}'", published[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_client_of_the_same_name_is_suspected_where_the_broker_does_not_tell()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var first = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { ClientId = "twin" });
        await using var second = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { ClientId = "twin" });
        string warning;
        do warning = await first.Log.NextAsync(LogLevel.Warning);
        while (!warning.Contains("identifier 'twin'", StringComparison.Ordinal));
        Assert.Contains("give every node a Node:Name or Mqtt:ClientId of its own", warning, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_full_queue_drops_the_oldest_and_counts()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { QueueLength = 8 });
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "x");
        broker.Freeze();
        for (byte i = 0; i < 50; i++)
            Assert.True(bench.Send("x", [i], qos: 1));
        Assert.InRange(bench.Metrics.Snapshot().Mqtt.Queued, 1, 8);
        Assert.InRange(bench.Drops(DropPlace.Publish, DropReason.QueueFull), 22, 42); // mosquitto takes twenty without a receipt
        broker.Thaw();
        var all = await subscriber.UntilAsync(message => message.Payload[0] == 49);
        Assert.Equal(Enumerable.Range(42, 8), all.TakeLast(8).Select(message => (int)message.Payload[0]));
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_stop_does_not_wait_longer_than_its_deadline_for_a_broker_that_hangs()
    {
        await using var broker = await MosquittoBroker.StartAsync();
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
        await using var broker = await MosquittoBroker.StartAsync(0, ("max_packet_size", "max_packet_size 1000"));
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
}
