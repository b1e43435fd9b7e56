using System.Diagnostics;
using System.Net.Sockets;
using FaceLandmark.Fleet;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Fleet;
using FaceLandmark.Tests.Programs;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// Many nodes at one mosquitto on loopback, each with its state and ten messages a second: what the broker takes for a connection and for a
/// message, how many it takes at most, and whether <c>fleet</c> sees all nodes.
/// </summary>
internal static class Scale
{
    private const int SecondsOfLoad = 20;
    private const int EachInHaste = 20 * SimulatedFleet.MessagesPerSecond;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(int count)
    {
        var folder = Directory.CreateTempSubdirectory("scale-");
        var options = new MqttOptions { Host = "127.0.0.1", Port = Ports.Free() };
        using var broker = await StartAsync(folder.FullName, options);
        try
        {
            var empty = Bytes(broker);
            using var nodes = await SimulatedFleet.ConnectAsync(options.Port, count);
            var each = (Bytes(broker) - empty) / 1024.0 / count;
            Say($"{count} nodes online; the broker has {each:f1} KiB for each, with its state");
            const int Each = SecondsOfLoad * SimulatedFleet.MessagesPerSecond;
            await MeasureAsync("nobody listens", broker, nodes, null, Each, isPaced: true);
            await MeasureAsync("nobody listens, as fast as they are taken", broker, nodes, null, EachInHaste, isPaced: false);
            using (var listener = await CountingListener.StartAsync(options.Port, count))
            {
                await UntilAsync(() => listener.Retained == (long)count * SimulatedFleet.States);
                await MeasureAsync("one listens to all", broker, nodes, listener, Each, isPaced: true);
                await MeasureAsync("one listens to all, as fast as they are taken", broker, nodes, listener, EachInHaste, isPaced: false);
            }

            await SeeAsync(options, count);
            return 0;
        }
        finally
        {
            broker.Kill();
            await broker.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(
        string what,
        Process broker,
        SimulatedFleet nodes,
        CountingListener? listener,
        int each,
        bool isPaced
    )
    {
        using var own = Process.GetCurrentProcess();
        var (messages, heard) = ((double)each * nodes.Count, listener?.Live ?? 0);
        var (cpu, ownCpu, began) = (Processor(broker), Processor(own), Stopwatch.GetTimestamp());
        await nodes.SendAsync(each, isPaced);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (listener is null)
        {
            await QuietAsync(broker);
        }
        else
        {
            await UntilAsync(() => listener.Live >= heard + messages);
            seconds = Stopwatch.GetElapsedTime(began).TotalSeconds; // what was sent may still have been on its way
        }

        var used = (Processor(broker) - cpu).TotalMicroseconds;
        Say($"{what}: {messages / seconds:f0} messages a second");
        var ownUsed = (Processor(own) - ownCpu).TotalMicroseconds;
        Say($"  of a core for each: the broker {used / messages:f1} us, this program {ownUsed / messages:f1} us");
        Say($"  the broker was at {used / seconds / 10_000:f0} % of a core and had {Bytes(broker) / 1048576.0:f1} MiB");
    }

    private static async Task SeeAsync(MqttOptions options, int count)
    {
        var fleet = new FleetWatch("facelandmark", TimeProvider.System);
        using var visit = new BrokerVisit(options, "fleet", TimeProvider.System);
        using var end = new CancellationTokenSource();
        var began = Stopwatch.GetTimestamp();
        var listening = visit.ListenAsync(fleet.Subscriptions, _ => { }, end.Token);
        await UntilAsync(() => Online(fleet) == count);
        Say($"fleet saw {Online(fleet)} nodes online after {Stopwatch.GetElapsedTime(began).TotalSeconds:f1} s");
        await end.CancelAsync();
        await listening;
    }

    private static int Online(FleetWatch fleet) =>
        fleet.Snapshot().Count(node => node.Status == FleetWatch.Online && node.Version == "1.0");

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

    // Until the broker has nothing more to do.
    private static async Task QuietAsync(Process broker)
    {
        TimeSpan before;
        do
        {
            before = Processor(broker);
            await Task.Delay(s_look);
        } while (Processor(broker) - before > s_look / 50);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private static TimeSpan Processor(Process program)
    {
        program.Refresh();
        return program.TotalProcessorTime;
    }

    private static long Bytes(Process broker)
    {
        broker.Refresh();
        return broker.WorkingSet64;
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
