using System.Diagnostics;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging.Abstractions;
using LongRoad = FaceLandmark.Benchmarks.LongRoad;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The link over a long way: what a round trip of many milliseconds does to it, against a real broker.</summary>
[Trait("Category", "mqtt")]
[Collection(Alone.Name)]
public sealed class LongWayTests : IDisposable
{
    private const int Cameras = 8;
    private static readonly string[] s_cameras = [.. Enumerable.Range(0, Cameras).Select(camera => $"cam{camera}")];
    private readonly string _folder = Directory.CreateTempSubdirectory("long-way-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Eight_cameras_at_200_ms_deliver_as_much_as_at_none_and_all_their_events()
    {
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(KeepsAllForSlowReaders: true));
        await using var near = await Line.StartAsync(broker.Port, TimeSpan.Zero, "near");
        await using var far = await Line.StartAsync(broker.Port, TimeSpan.FromSeconds(0.2), "far");
        await using var subscriber = await Subscriber.StartAsync(broker.Port);

        // Both at once, so that a busy machine is as busy for the one as for the other.
        await Task.WhenAll(near.FlowAsync(TimeSpan.FromSeconds(5)), far.FlowAsync(TimeSpan.FromSeconds(5)));
        await Task.WhenAll(near.Bench.Link.StopAsync(Patience.Limit), far.Bench.Link.StopAsync(Patience.Limit));
        var stopped = 0;
        var all = await subscriber.UntilAsync(message => message.Text == "stopped" && ++stopped == 2);

        foreach (var line in (Line[])[near, far])
        {
            var events = all.Where(message =>
                message.Topic.StartsWith(line.Base, StringComparison.Ordinal) && message.Topic.EndsWith("/events", StringComparison.Ordinal)
            );
            foreach (var camera in events.GroupBy(message => message.Topic))
                Assert.Equal(Enumerable.Range(1, camera.Count()), camera.Select(message => BitConverter.ToInt32(message.Payload)));
            Assert.Equal(line.Events, events.Count());
            Assert.Equal(line.Landmarks, Landmarks(line) + line.Bench.Drops(DropPlace.Publish, DropReason.QueueFull));
        }

        Assert.True(
            Landmarks(far) >= 0.95 * Landmarks(near),
            $"{Landmarks(far)} of {far.Landmarks} at 200 ms, {Landmarks(near)} of {near.Landmarks} at 0 ms"
        );

        int Landmarks(Line line) =>
            all.Count(message =>
                message.Topic.StartsWith(line.Base, StringComparison.Ordinal)
                && message.Topic.EndsWith("/landmarks", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task A_node_of_eight_cameras_is_online_within_three_round_trips_and_a_second()
    {
        var roundTrip = TimeSpan.FromSeconds(1);
        await using var broker = await ChosenBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "facelandmark/+/status");
        var watch = Stopwatch.StartNew();
        await using (await Line.StartAsync(broker.Port, TimeSpan.Zero, "near"))
            Assert.Equal("online", (await subscriber.NextAsync()).Text);
        var near = watch.Elapsed; // what a busy machine needs for it
        await subscriber.UntilAsync(message => message.Text == "offline");

        watch.Restart();
        await using var far = await Line.StartAsync(broker.Port, roundTrip, "far");
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, (3 * roundTrip) + TimeSpan.FromSeconds(1) + (2 * near));
    }

    [Fact]
    public async Task State_that_changes_faster_than_the_way_is_long_is_skipped_and_holds_nothing_up()
    {
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(OneWithoutReceipt: true));
        await using var line = await Line.StartAsync(broker.Port, TimeSpan.FromSeconds(1), "far");
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
        if (
            !seen.Any(message =>
                message.Topic == line.Bench.Topics.Info && message.Payload.Length == 4 && BitConverter.ToInt32(message.Payload) == 999
            )
        )
            await subscriber.UntilAsync(message =>
                message.Topic == line.Bench.Topics.Info && message.Payload.Length == 4 && BitConverter.ToInt32(message.Payload) == 999
            );
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

    [Fact]
    public async Task The_goodbye_has_time_of_its_own_behind_a_queue_that_does_not_get_through()
    {
        const int Messages = 2000; // 64 at most without a receipt: in the time that they have no broker takes half of them
        await using var broker = await ChosenBroker.StartAsync();
        await using var proxy = new LongRoad("127.0.0.1", broker.Port, TimeSpan.FromSeconds(0.25));
        await using var bench = await LinkBench.OnlineAsync(proxy.Port, new MqttOptions { QueueLength = Messages });
        for (var i = 0; i < Messages; i++)
            Assert.True(bench.Send("x", [(byte)i], qos: 1));
        await bench.Link.StopAsync(TimeSpan.FromSeconds(8));
        var status = await MosquittoClients.SubscribeAsync(1, [.. ChosenBroker.Version, "-p", $"{broker.Port}", "-t", bench.Topics.Status]);
        Assert.Equal("stopped", status.Trim());
        var dropped = bench.Drops(DropPlace.Publish, DropReason.Stopping);
        Assert.InRange(dropped, 1, Messages);
        Assert.Contains(bench.Log.All, line => line.Text.StartsWith("The stop left no time for ", StringComparison.Ordinal));
    }

    /// <summary>A node of eight cameras behind a way to the broker.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private static readonly byte[] s_landmarks = new byte[3800];
        private static readonly byte[] s_picture = new byte[20_000];
        private readonly LongRoad _proxy;

        private Line(LongRoad proxy, LinkBench bench) => (_proxy, Bench) = (proxy, bench);

        public LinkBench Bench { get; }

        public string Base => Bench.Topics.Base + "/";

        public int Landmarks { get; private set; }

        public int Events { get; private set; }

        public static async Task<Line> StartAsync(int broker, TimeSpan roundTrip, string node)
        {
            var proxy = new LongRoad("127.0.0.1", broker, roundTrip / 2);
            var topics = new MqttTopics("facelandmark", node, s_cameras);
            var line = new Line(proxy, new LinkBench(new MqttOptions { Port = proxy.Port }, topics: topics));
            line.Bench.Link.SetState(topics.Info, new byte[4000]);
            foreach (var camera in s_cameras)
                line.Change(camera, 0);
            line.Bench.Link.Start();
            await line.Bench.WaitOnlineAsync();
            return line;
        }

        /// <summary>What eight cameras send at 30 frames a second.</summary>
        public async Task FlowAsync(TimeSpan duration)
        {
            using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1 / 30.0));
            var watch = Stopwatch.StartNew();
            for (var frame = 1; watch.Elapsed < duration && await beat.WaitForNextTickAsync(); frame++)
            {
                foreach (var camera in s_cameras)
                {
                    var topics = Bench.Topics.Camera(camera);
                    Assert.True(Bench.Send(topics.Landmarks, s_landmarks, kind: MessageClass.Landmarks));
                    Landmarks++;
                    if (frame % 6 == 0)
                        Bench.Send(topics.Preview, s_picture, kind: MessageClass.Preview);
                    if (frame % 15 == 0)
                        Change(camera, frame);
                    if (frame % 15 != 7)
                        continue;
                    Assert.True(
                        Bench.Link.Deliver(new MqttMessage(topics.Events, BitConverter.GetBytes((frame + 8) / 15), MessageClass.Event))
                    );
                    Events++;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Bench.DisposeAsync();
            await _proxy.DisposeAsync();
        }

        private void Change(string camera, int frame)
        {
            Bench.Link.SetState(Bench.Topics.Camera(camera).State, new byte[300]);
            Bench.Link.SetState(Bench.Topics.Camera(camera).Summary, BitConverter.GetBytes(frame));
        }
    }
}
