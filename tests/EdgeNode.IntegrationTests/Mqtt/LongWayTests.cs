using System.Diagnostics;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using LongRoad = FaceLandmark.Benchmarks.LongRoad;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The link over a long way, against a real broker: what depends on the time that the machine gives it.</summary>
[Trait("Category", "mqtt")]
[Collection(Alone.Name)]
public sealed class LongWayTests
{
    [Fact]
    public async Task Eight_cameras_at_200_ms_deliver_as_much_as_at_none_and_all_their_events()
    {
        await using var broker = await ChosenBroker.StartAsync(0, new BrokerRules(KeepsAllForSlowReaders: true));
        await using var near = await FarNode.StartAsync(broker.Port, TimeSpan.Zero, "near");
        await using var far = await FarNode.StartAsync(broker.Port, TimeSpan.FromSeconds(0.2), "far");
        await using var subscriber = await Subscriber.StartAsync(broker.Port);

        // Both at once, so that a busy machine is as busy for the one as for the other.
        await Task.WhenAll(near.FlowAsync(TimeSpan.FromSeconds(5)), far.FlowAsync(TimeSpan.FromSeconds(5)));
        await Task.WhenAll(near.Bench.Link.StopAsync(Patience.Limit), far.Bench.Link.StopAsync(Patience.Limit));
        var stopped = 0;
        var all = await subscriber.UntilAsync(message => message.Text == "stopped" && ++stopped == 2);

        foreach (var line in (FarNode[])[near, far])
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

        int Landmarks(FarNode line) =>
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
        await using (await FarNode.StartAsync(broker.Port, TimeSpan.Zero, "near"))
            Assert.Equal("online", (await subscriber.NextAsync()).Text);
        var near = watch.Elapsed; // what a busy machine needs for it
        await subscriber.UntilAsync(message => message.Text == "offline");

        watch.Restart();
        await using var far = await FarNode.StartAsync(broker.Port, roundTrip, "far");
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, (3 * roundTrip) + TimeSpan.FromSeconds(1) + (2 * near));
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
}
