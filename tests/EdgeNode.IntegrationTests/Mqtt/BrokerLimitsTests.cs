using System.Collections.Concurrent;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>Brokers that allow less than others: every limit is kept, said where it costs something, and nothing stands still.</summary>
[Trait("Category", "mqtt")]
public sealed class BrokerLimitsTests
{
    [Theory]
    [InlineData(MqttVersion.V5, "retain_available false")]
    [InlineData(MqttVersion.V311, "retain_available false")]
    [InlineData(MqttVersion.Auto, "retain_available false")]
    [InlineData(MqttVersion.V5, "max_qos 0")]
    internal async Task A_broker_that_refuses_the_will_gets_a_smaller_one(MqttVersion version, string limit)
    {
        ChosenBroker.Needs(BrokerAbility.AnnouncedLimits);
        await using var broker = await MosquittoBroker.StartAsync(0, (limit.Split(' ')[0], limit));
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        var bench = new LinkBench(new MqttOptions { Port = broker.Port, Version = version });
        bench.Link.SetState(bench.Topics.Info, "{}"u8.ToArray());
        bench.Link.Start();
        var seen = await subscriber.UntilAsync(message => message.Text == "online");
        Assert.Contains(seen, message => message.Topic == bench.Topics.Info);
        await bench.WaitOnlineAsync();
        Assert.True(bench.Send("facelandmark/x", [1], qos: 1));
        Assert.Equal("facelandmark/x", (await subscriber.NextAsync()).Topic);
        if (limit.StartsWith("retain", StringComparison.Ordinal))
            Assert.Contains(bench.Log.All, line => line.Text.Contains("retains nothing", StringComparison.Ordinal));
        await bench.DisposeAsync();
        Assert.Equal("offline", (await subscriber.UntilAsync(message => message.Topic == bench.Topics.Status))[^1].Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(null)]
    public async Task A_broker_of_MQTT_3_1_1_is_spoken_to_as_it_understands(int? code)
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var old = new OldBroker(broker.Port, (byte?)code);
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        await using var bench = await LinkBench.OnlineAsync(old.Port);
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        Assert.False(bench.Link.IsVersion5);
        Assert.Contains(bench.Log.All, line => line.Text.Contains("speaks MQTT 3.1.1", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log.All, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task With_MQTT_5_asked_for_an_old_broker_is_a_sentence_that_says_what_to_set()
    {
        await using var old = new OldBroker(1, 1);
        await using var bench = new LinkBench(new MqttOptions { Port = old.Port, Version = MqttVersion.V5 });
        bench.Link.Start();
        Assert.StartsWith(
            $"The broker 127.0.0.1:{old.Port} does not speak MQTT 5: set Mqtt:Version to auto or v311.",
            await bench.Log.NextAsync(LogLevel.Warning),
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_message_that_an_old_broker_ends_each_connection_for_is_set_aside_and_the_rest_flows()
    {
        ChosenBroker.Needs(BrokerAbility.LargestMessage);
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(LargestMessage: 2000));
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        await using var bench = new LinkBench(new MqttOptions { Port = broker.Port, Version = MqttVersion.V311 });
        bench.Link.SetState(bench.Topics.Info, new byte[5000]);
        bench.Link.SetState(bench.Topics.Camera("cam0").State, new byte[300]);
        bench.Link.Start();
        await SaidAsync(bench, $"each time it received a message on {bench.Topics.Info}");
        await subscriber.UntilAsync(message => message.Text == "online");

        // Landmarks are too large as well, and have no receipts: two topics of a size are a limit.
        using var enough = new CancellationTokenSource();
        var flow = Task.Run(
            async () =>
            {
                for (; !enough.IsCancellationRequested; await Task.Delay(20, CancellationToken.None))
                    bench.Send(bench.Topics.Camera("cam0").Landmarks, new byte[3000], kind: MessageClass.Landmarks);
            },
            CancellationToken.None
        );
        await SaidAsync(bench, "ends the connection when it receives large messages");
        await enough.CancelAsync();
        await flow;
        await bench.WaitOnlineAsync();
        Assert.InRange(bench.Link.MaxPacketBytes, 2000, 3100);
        Assert.False(bench.Send(bench.Topics.Camera("cam0").Landmarks, new byte[3000]));
        Assert.True(bench.Send("facelandmark/x", new byte[1500], qos: 1));
        await subscriber.UntilAsync(message => message.Topic == "facelandmark/x");
        Assert.True(bench.Drops(DropPlace.Publish, DropReason.TooLarge) > 0);
    }

    [Fact]
    public async Task No_more_messages_are_without_a_receipt_than_the_broker_takes_and_those_of_quality_0_pass_them()
    {
        const int Most = 3;
        var acknowledged = 0;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = await StartAsync(
            answer => answer.ReceiveMaximum = Most,
            inbound: packet =>
            {
                if (
                    packet is MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtLeastOnce }
                    && Interlocked.Increment(ref acknowledged) == Most
                )
                    reached.SetResult();
                else if (packet is MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtMostOnce })
                    passed.TrySetResult();
            },
            outbound: packet => packet is not MqttPubAckPacket
        );
        await using var bench = await LinkBench.OnlineAsync(PortOf(server));
        for (byte i = 0; i < 10; i++)
            bench.Send("x", [i], qos: 1);
        await reached.Task.InTimeAsync();
        bench.Send("y", [0]);
        await passed.Task.InTimeAsync();
        Assert.Equal(Most, acknowledged); // the status is one of them
    }

    [Fact]
    public async Task Every_limit_of_the_brokers_answer_is_kept()
    {
        (string Limit, Action<MqttConnAckPacket> Set, Func<MqttPacket, bool> Breaks)[] table =
        [
            ("retain", answer => answer.RetainAvailable = false, packet => packet is MqttPublishPacket { Retain: true }),
            (
                "quality of service",
                answer => answer.MaximumQoS = MqttQualityOfServiceLevel.AtMostOnce,
                packet => packet is MqttPublishPacket { QualityOfServiceLevel: > MqttQualityOfServiceLevel.AtMostOnce }
            ),
            (
                "wildcards",
                answer => answer.WildcardSubscriptionAvailable = false,
                packet =>
                    packet is MqttSubscribePacket subscribe
                    && subscribe.TopicFilters.Any(filter => filter.Topic.Contains('+', StringComparison.Ordinal))
            ),
            (
                "shared subscriptions",
                answer => answer.SharedSubscriptionAvailable = false,
                packet =>
                    packet is MqttSubscribePacket subscribe
                    && subscribe.TopicFilters.Any(filter => filter.Topic.StartsWith("$share", StringComparison.Ordinal))
            ),
            (
                "subscription identifiers",
                answer => answer.SubscriptionIdentifiersAvailable = false,
                packet => packet is MqttSubscribePacket { SubscriptionIdentifier: > 0 }
            ),
            ("topic aliases", answer => answer.TopicAliasMaximum = 2, packet => packet is MqttPublishPacket { TopicAlias: > 2 }),
            (
                "packet size",
                answer => answer.MaximumPacketSize = 300,
                packet => packet is MqttPublishPacket publish && publish.Payload.Length > 300
            ),
        ];
        foreach (var (limit, set, breaks) in table)
        {
            var broken = new ConcurrentQueue<string>();
            var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var server = await StartAsync(
                answer =>
                {
                    answer.TopicAliasMaximum = 10;
                    set(answer);
                },
                inbound: packet =>
                {
                    if (breaks(packet))
                        broken.Enqueue($"{packet}");
                    if (packet is MqttPublishPacket { Topic: "last" })
                        last.TrySetResult();
                },
                outbound: _ => true
            );
            await using var bench = new LinkBench(new MqttOptions { Port = PortOf(server) });
            bench.Link.Subscribe("requests/+", _ => { }, plain: ["requests/a", "requests/b"]);
            bench.Link.SetState("small", new byte[10]);
            bench.Link.SetState("large", new byte[400]);
            bench.Link.Start();
            await bench.WaitOnlineAsync();
            for (var round = 0; round < 3; round++)
                for (var topic = 0; topic < 5; topic++)
                    bench.Send($"t{topic}", new byte[topic * 90], qos: round % 2);
            Assert.True(bench.Send("last", [1]));
            await last.Task.InTimeAsync();
            Assert.True(broken.IsEmpty, $"{limit}: {string.Join(", ", broken)}");
            Assert.Equal(LinkState.Online, bench.Link.State);
        }
    }

    private static async Task SaidAsync(LinkBench bench, string part)
    {
        string line;
        do line = await bench.Log.NextAsync(LogLevel.Warning);
        while (!line.Contains(part, StringComparison.Ordinal));
    }

    private static int PortOf(Server server) => server.Port;

    private static async Task<Server> StartAsync(
        Action<MqttConnAckPacket> answer,
        Action<MqttPacket> inbound,
        Func<MqttPacket, bool> outbound
    )
    {
        var port = Ports.Free();
        var server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).Build()
        );
        server.InterceptingOutboundPacketAsync += packet =>
        {
            if (packet.Packet is MqttConnAckPacket connected)
                answer(connected);
            packet.ProcessPacket = outbound(packet.Packet);
            return Task.CompletedTask;
        };
        server.InterceptingInboundPacketAsync += packet =>
        {
            inbound(packet.Packet);
            return Task.CompletedTask;
        };
        await server.StartAsync();
        return new Server(server, port);
    }

    private sealed class Server(MqttServer server, int port) : IDisposable
    {
        public int Port => port;

        public void Dispose() => server.Dispose();
    }
}
