using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using FaceLandmark.Fleet;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Fleet;
using MQTTnet;

namespace FaceLandmark.IntegrationTests.Fleet;

/// <summary>A fleet at one broker, counted by messages: links of nodes as they are, and a thousand simulated ones.</summary>
[Collection(Alone.Name)]
public sealed class FleetLoadTests
{
    private const int Nodes = 100;
    private const int Messages = 20;

    [Fact]
    public async Task Every_message_of_a_hundred_nodes_arrives_and_fleet_sees_them_all()
    {
        await using var broker = await MosquittoBroker.StartAsync(0, ("max_queued_messages", "max_queued_messages 0"));
        var nodes = Enumerable.Range(0, Nodes).Select(i => Node(i, broker.Port)).ToList();
        try
        {
            foreach (var node in nodes)
                node.Link.Start();
            foreach (var node in nodes)
                await node.WaitOnlineAsync();
            await using var subscriber = await Subscriber.StartAsync(broker.Port, "facelandmark/+/cameras/cam0/events");
            for (var i = 0; i < Messages; i++)
            {
                foreach (var node in nodes)
                    Assert.True(node.Send(node.Topics.Camera("cam0").Events, BitConverter.GetBytes(i), qos: 1));
            }

            var arrived = new ConcurrentDictionary<string, List<int>>();
            for (var i = 0; i < Nodes * Messages; i++)
            {
                var message = await subscriber.NextAsync();
                arrived.GetOrAdd(message.Topic, _ => []).Add(BitConverter.ToInt32(message.Payload));
            }

            Assert.Equal(Nodes, arrived.Count);
            Assert.All(arrived.Values, numbers => Assert.Equal(Enumerable.Range(0, Messages), numbers));

            var gone = nodes[7];
            nodes.RemoveAt(7);
            await gone.DisposeAsync(); // without a goodbye
            await using (var status = await Subscriber.StartAsync(broker.Port, gone.Topics.Status))
                await status.UntilAsync(message => message.Text == "offline");
            string[] at = ["--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}"];
            var (exitCode, output, errors) = await NodeProcess.RunAsync(["fleet", "--json", .. at]);
            Assert.True(exitCode == 0, errors);
            using var report = JsonDocument.Parse(output);
            Assert.Equal(Nodes, report.RootElement.GetProperty("nodes").GetArrayLength());
            Assert.Equal(Nodes - 1, report.RootElement.GetProperty("online").GetInt32());
            Assert.Equal("node007", report.RootElement.GetProperty("nodes")[0].GetProperty("node").GetString());
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_thousand_nodes_at_ten_messages_a_second_get_all_of_them_through_one_broker()
    {
        const int Thousand = 1000;
        const int Seconds = 5;
        const int Each = Seconds * SimulatedFleet.MessagesPerSecond;
        await using var broker = await MosquittoBroker.StartAsync(0, ("max_queued_messages", "max_queued_messages 0"));
        var empty = broker.Usage;
        using var nodes = await SimulatedFleet.ConnectAsync(broker.Port, Thousand);
        var connected = broker.Usage;
        using var listener = await CountingListener.StartAsync(broker.Port, Thousand);
        await Patience.UntilAsync(() => listener.Retained == Thousand * SimulatedFleet.States);
        var before = broker.Usage;
        var took = await nodes.SendAsync(Each);
        await Patience.UntilAsync(() => listener.Live >= Thousand * Each);
        Assert.All(Enumerable.Range(0, Thousand), node => Assert.Equal(Each, listener.LiveOf(node)));

        var fleet = new FleetWatch("facelandmark", TimeProvider.System);
        using var visit = new BrokerVisit(new MqttOptions { Port = broker.Port }, "fleet", TimeProvider.System);
        using var end = new CancellationTokenSource();
        var listening = visit.ListenAsync(fleet.Subscriptions, _ => { }, end.Token);
        await Patience.UntilAsync(() =>
            fleet.Snapshot().Count(node => node.Status == FleetWatch.Online && node.Version == "1.0") == Thousand
        );
        await end.CancelAsync();
        await listening.InTimeAsync();

        var memory = (connected.Bytes - empty.Bytes) / Thousand;
        var processor = (broker.Usage.Processor - before.Processor).TotalMicroseconds;
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Thousand * Each / took.TotalSeconds:f0} messages a second; the broker has {memory} bytes for a node and took "
                    + $"{processor / (Thousand * Each):f1} us of a core for a message"
            )
        );
        Assert.InRange(memory, 1, 64 << 10);
    }

    [Fact]
    public async Task A_broker_that_queues_little_tells_of_all_nodes_at_once()
    {
        await using var broker = await MosquittoBroker.StartAsync(0, ("max_queued_messages", "max_queued_messages 20"));
        await using (var nodes = await Subscriber.StartAsync(broker.Port, "other"))
        {
            for (var i = 0; i < Nodes; i++)
                await nodes.PublishAsync(
                    new MqttApplicationMessage
                    {
                        Topic = $"facelandmark/node{i}/status",
                        PayloadSegment = NodeStatus.Online.ToArray(),
                        Retain = true,
                        QualityOfServiceLevel = MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce,
                    }
                );
        }

        var fleet = new FleetWatch("facelandmark", TimeProvider.System);
        using var visit = new BrokerVisit(new MqttOptions { Port = broker.Port }, "fleet", TimeProvider.System);
        using var end = new CancellationTokenSource();
        var listening = visit.ListenAsync(fleet.Subscriptions, _ => { }, end.Token);
        await Patience.UntilAsync(() => fleet.Snapshot().Count(node => node.Status == FleetWatch.Online) == Nodes);
        await end.CancelAsync();
        await listening.InTimeAsync();
    }

    private static LinkBench Node(int number, int port)
    {
        var topics = new MqttTopics("facelandmark", "node" + number.ToString("d3", CultureInfo.InvariantCulture), ["cam0"]);
        var node = new LinkBench(new MqttOptions { Port = port }, topics: topics);
        node.Link.SetState(topics.Info, """{"software":{"version":"9.8.7"},"cameras":[{"name":"cam0"}]}"""u8.ToArray());
        return node;
    }
}
