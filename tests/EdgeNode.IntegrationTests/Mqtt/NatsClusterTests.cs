using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FaceLandmark.Fleet;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>A broker of three servers: nodes at different ones, of which one is killed.</summary>
[Trait("Category", "reliability")]
public sealed class NatsClusterTests : IDisposable
{
    private const int Events = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("nats-").FullName;
    private readonly ConcurrentDictionary<string, int> _arrived = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// One that leads everything is the worst to lose: until the others have chosen new leaders, they keep nothing, take nobody's
    /// subscription of quality of service 1, and give receipts for what they have not kept.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_killed_costs_no_event_and_the_fleet_is_shown_as_it_is(bool isLeader)
    {
        await using var cluster = await NatsCluster.StartAsync(_folder);
        await using var first = new Member(this, cluster, 0);
        await using var second = new Member(this, cluster, 1);
        await using var third = new Member(this, cluster, 2);
        Member[] nodes = [first, second, third];
        foreach (var node in nodes)
            await node.StartAsync();
        await cluster.GatherLeadershipAsync();

        // The one who watches the fleet loses its server, too; the one who counts events does not, for nobody keeps any for it.
        var killed = isLeader ? cluster.Leader : (cluster.Leader + 1) % 3;
        var (one, other) = ((killed + 1) % 3, (killed + 2) % 3);
        using var end = new CancellationTokenSource();
        var fleet = new FleetWatch("facelandmark", TimeProvider.System);
        var watching = ListenAsync(At(cluster, killed), "fleet", fleet.Subscriptions, end.Token);
        Subscription[] events = [new("facelandmark/+/cameras/+/events", Note, false, [])];
        var counting = ListenAsync(At(cluster, one), "events", events, end.Token);
        await UntilAsync("the fleet before", () => IsShown(fleet, "before"));
        await UntilAsync(
            "an event",
            () =>
            {
                nodes[one].Node.Send(nodes[one].Topic, "hello"u8.ToArray(), qos: 1);
                return _arrived.ContainsKey($"{nodes[one].Topic} hello");
            }
        );

        foreach (var node in nodes)
            node.Deliver(0, Events);
        var began = Stopwatch.GetTimestamp();
        await cluster.KillAsync(killed);
        foreach (var node in nodes)
        {
            node.Say("after");
            node.Deliver(Events, Events);
        }

        await UntilAsync("the fleet after", () => IsShown(fleet, "after"));
        var shown = Stopwatch.GetElapsedTime(began);
        var expected = nodes.SelectMany(node => Enumerable.Range(0, 2 * Events).Select(i => $"{node.Topic} {i}")).ToList();
        await UntilAsync("all events", () => expected.TrueForAll(_arrived.ContainsKey));

        // Who comes later is told the same: it is kept.
        var late = new FleetWatch("facelandmark", TimeProvider.System);
        var asking = ListenAsync(At(cluster, other), "late", late.Subscriptions, end.Token);
        await UntilAsync("the fleet for another one", () => IsShown(late, "after"));
        var repeated = expected.Count(name => _arrived[name] > 1);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(isLeader ? "the leader" : "one that leads nothing")} was killed: the fleet was shown as it is after "
                    + $"{shown.TotalSeconds:f1} s; {repeated} of {expected.Count} events came more than once"
            )
        );
        await nodes[other].Node.Link.StopAsync(Patience.Limit);
        await UntilAsync("a goodbye", () => fleet.Snapshot().Any(node => node.Node == $"node{other}" && node.Status == "stopped"));
        await end.CancelAsync();
        await Task.WhenAll(watching, counting, asking);

        async Task UntilAsync(string what, Func<bool> isSo)
        {
            try
            {
                await Patience.UntilAsync(isSo);
            }
            catch (OperationCanceledException)
            {
                var views = fleet.Snapshot().Select(node => $"{node.Node} {node.Status} {node.Version}");
                var states = nodes.Select(node => $"{node.Topic} {node.Node.Link.State} {string.Join(" / ", node.Node.Log.All)}");
                throw new TimeoutException($"Still waiting: {what}\n{string.Join('\n', [.. views, .. states, cluster.Log])}");
            }
        }
    }

    private static bool IsShown(FleetWatch fleet, string version)
    {
        var nodes = fleet.Snapshot();
        return nodes.Count == 3 && nodes.All(node => node.Status == FleetWatch.Online && node.Version == version);
    }

    private static MqttOptions At(NatsCluster cluster, int member) =>
        new()
        {
            Host = "127.0.0.1",
            Port = cluster.Ports[member],
            Failover = string.Join(',', cluster.Ports.Where((_, index) => index != member).Select(port => $"127.0.0.1:{port}")),
            ReconnectAfter = TimeSpan.FromSeconds(0.1),
            ReconnectAfterAtMost = TimeSpan.FromSeconds(0.5),
        };

    private static async Task ListenAsync(MqttOptions options, string purpose, IReadOnlyList<Subscription> topics, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var visit = new BrokerVisit(options, purpose, TimeProvider.System);
            try
            {
                await visit.ListenAsync(topics, _ => { }, end, asksAgain: true);
            }
            catch (BrokerException)
            {
                // A cluster that has just begun, on a busy machine, refuses what it takes a moment later.
            }
        }
    }

    private void Note(InboundMessage message) =>
        _arrived.AddOrUpdate($"{message.Topic} {Encoding.UTF8.GetString(message.Payload.Span)}", 1, (_, count) => count + 1);

    /// <summary>A node at one server that knows the others.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly Outbox _outbox;

        public Member(NatsClusterTests test, NatsCluster cluster, int member)
        {
            var metrics = Samples.Metrics(TimeProvider.System);
            var options = new OutboxOptions { File = Path.Combine(test._folder, $"outbox{member}.db") };
            _outbox = new Outbox(options, metrics, TimeProvider.System, NullLogger<Outbox>.Instance);
            var topics = new MqttTopics("facelandmark", $"node{member}", ["cam0"]);
            Topic = topics.Camera("cam0").Events;
            Node = new LinkBench(At(cluster, member), outbox: _outbox, metrics: metrics, topics: topics);
        }

        public LinkBench Node { get; }

        public string Topic { get; }

        public Task StartAsync()
        {
            Say("before");
            Node.Link.Start();
            return Node.WaitOnlineAsync();
        }

        public void Say(string version) =>
            Node.Link.SetState(Node.Topics.Info, Encoding.UTF8.GetBytes($$"""{"software": {"version": "{{version}}"} }"""));

        public void Deliver(int from, int count)
        {
            for (var i = from; i < from + count; i++)
                Node.Link.Deliver(
                    new MqttMessage(Topic, Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), MessageClass.Event)
                );
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await _outbox.DisposeAsync();
        }
    }
}
