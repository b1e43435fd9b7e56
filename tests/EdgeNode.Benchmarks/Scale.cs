using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FaceLandmark.Diagnostics;
using FaceLandmark.Fleet;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Programs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// Many nodes at one mosquitto on loopback: the links of as many nodes as asked for, each with its state and ten messages a second. What
/// the broker takes for a connection and for a message, and whether <c>fleet</c> sees all of them.
/// </summary>
internal static class Scale
{
    private const int MessagesPerSecond = 10;
    private const int LandmarkBytes = 2000; // of a message with one face
    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(int count)
    {
        var folder = Directory.CreateTempSubdirectory("scale-");
        var options = new MqttOptions { Host = "127.0.0.1", Port = Ports.Free() };
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var broker = await StartAsync(folder.FullName, options);
        var nodes = new List<MqttLink>();
        var metrics = new List<NodeMetrics>();
        var topics = Enumerable.Range(0, count).Select(i => new MqttTopics("facelandmark", $"node{i:d5}", ["cam0"])).ToList();
        try
        {
            var empty = Bytes(broker);
            foreach (var topic in topics)
            {
                metrics.Add(new NodeMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System));
                var settings = new BrokerSettings(options, topic, "s1");
                var link = new MqttLink(settings, metrics[^1], TimeProvider.System, NullLogger<MqttLink>.Instance);
                Describe(link, topic);
                link.Start();
                nodes.Add(link);
            }

            await Task.WhenAll(nodes.Select(node => node.WaitUntilOnlineAsync(default))).WaitAsync(s_patience);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} nodes online; the broker has {(Bytes(broker) - empty) / 1024.0 / count:f1} KiB for each, with its state"
                )
            );
            var load = new Load(broker, nodes, topics, metrics);
            await load.RunAsync("nobody listens", null);
            var sent = 0L;
            var heard = 0L;
            Subscription[] all = [new("facelandmark/#", _ => Interlocked.Increment(ref heard), false, [], 0)];
            await ListenAsync(
                options,
                "all",
                all,
                async () =>
                {
                    await UntilAsync(() => Interlocked.Read(ref heard) == 4 * count);
                    sent = await load.RunAsync("one listens to all", () => Interlocked.Read(ref heard) - (4 * count));
                }
            );
            Console.WriteLine($"it heard {heard - (4 * count)} messages of {sent}, and {4 * count} retained ones before");

            var fleet = new FleetWatch("facelandmark", TimeProvider.System);
            var began = Stopwatch.GetTimestamp();
            await ListenAsync(options, "fleet", fleet.Subscriptions, () => UntilAsync(() => Online(fleet) == count));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"fleet saw {Online(fleet)} nodes online after {Stopwatch.GetElapsedTime(began).TotalSeconds:f1} s"
                )
            );
            return 0;
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
            broker.Kill();
            await broker.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static int Online(FleetWatch fleet) =>
        fleet.Snapshot().Count(node => node.Status == FleetWatch.Online && node.Version == "1.0");

    private static void Describe(MqttLink link, MqttTopics topics)
    {
        link.SetState(topics.Info, """{"software":{"version":"1.0"},"cameras":[{"name":"cam0"}]}"""u8.ToArray());
        link.SetState(topics.Camera("cam0").State, """{"state":"streaming"}"""u8.ToArray());
        link.SetState(topics.Camera("cam0").Summary, """{"count":1,"fps":10}"""u8.ToArray());
    }

    private static async Task ListenAsync(MqttOptions options, string purpose, IReadOnlyList<Subscription> topics, Func<Task> run)
    {
        using var visit = new BrokerVisit(options, purpose, TimeProvider.System);
        using var end = new CancellationTokenSource();
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = visit.ListenAsync(topics, _ => there.TrySetResult(), end.Token);
        await (await Task.WhenAny(there.Task, listening));
        await run();
        await end.CancelAsync();
        await listening;
    }

    private static async Task<Process> StartAsync(string folder, MqttOptions options)
    {
        var path = Path.Combine(folder, "mosquitto.conf");
        string[] lines =
        [
            $"listener {options.Port} 127.0.0.1",
            "allow_anonymous true",
            "persistence false",
            "set_tcp_nodelay true",
            "max_queued_messages 0", // a listener that falls behind on a busy machine is to hear all the same
            "log_type error",
            $"user {Environment.UserName}",
        ];
        await File.WriteAllLinesAsync(path, lines);
        var program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        var broker = Process.Start(program, ["-c", path]);
        await UntilAsync(() => Listens(options.Port));
        return broker;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private static TimeSpan Processor(Process broker)
    {
        broker.Refresh();
        return broker.TotalProcessorTime;
    }

    private static long Bytes(Process broker)
    {
        broker.Refresh();
        return broker.WorkingSet64;
    }

    /// <summary>Every node sends nine landmarks messages and one of figures a second, as far as this machine keeps up.</summary>
    private sealed class Load(Process broker, List<MqttLink> nodes, List<MqttTopics> topics, List<NodeMetrics> metrics)
    {
        private static readonly byte[] s_stats = """{"fps":{"in":10,"out":10},"endToEnd":{"p50":40,"p99":60}}"""u8.ToArray();
        private static readonly byte[] s_landmarks = Encoding.ASCII.GetBytes($"{{\"pad\":\"{new string('x', LandmarkBytes - 10)}\"}}");

        /// <summary>Runs it for a while, and until all that was sent has arrived.</summary>
        /// <returns>Messages that were sent.</returns>
        public async Task<long> RunAsync(string what, Func<long>? heard)
        {
            var (before, cpu, began) = (Sent(), Processor(broker), Stopwatch.GetTimestamp());
            for (var turn = 0L; Stopwatch.GetElapsedTime(began) < s_phase; turn++)
            {
                Send(turn);
                var due = TimeSpan.FromSeconds((turn + 1) / (10.0 * MessagesPerSecond)) - Stopwatch.GetElapsedTime(began);
                if (due > TimeSpan.Zero)
                    await Task.Delay(due);
            }

            await UntilAsync(() => metrics.TrueForAll(node => node.Snapshot().Mqtt.Queued == 0));
            var (sent, seconds) = (Sent() - before, Stopwatch.GetElapsedTime(began).TotalSeconds);
            await (heard is null ? Task.Delay(TimeSpan.FromSeconds(2)) : UntilAsync(() => heard() >= sent));
            var used = (Processor(broker) - cpu).TotalMicroseconds;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: {sent / seconds:f0} messages a second; the broker took {used / sent:f1} us of a core for each, "
                        + $"{used / seconds / 10_000:f0} % of a core, and had {Bytes(broker) / 1048576.0:f1} MiB"
                )
            );
            return sent;
        }

        private long Sent() => metrics.Sum(node => node.Snapshot().Mqtt.Sent);

        // A part of the nodes in each hundredth of a second.
        private void Send(long turn)
        {
            var isStats = turn / 10 % MessagesPerSecond == 0;
            for (var i = (int)(turn % 10); i < nodes.Count; i += 10)
                nodes[i]
                    .TryEnqueue(
                        new MqttMessage(
                            isStats ? topics[i].Stats : topics[i].Camera("cam0").Landmarks,
                            isStats ? s_stats : s_landmarks,
                            MessageClass.Report
                        )
                    );
        }
    }
}
