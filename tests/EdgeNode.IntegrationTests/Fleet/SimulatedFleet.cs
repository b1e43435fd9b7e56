using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FaceLandmark.Tests.Fleet;

/// <summary>
/// Many nodes in one process that cost next to nothing: each has an MQTT connection of its own with its last will and its retained state,
/// and sends packets that were made once. One thread sends for all of them, so that a measurement shows the broker and not its clients.
/// </summary>
internal sealed class SimulatedFleet : IDisposable
{
    /// <summary>Messages of a node in a second: nine of landmarks, one of figures.</summary>
    public const int MessagesPerSecond = 10;

    /// <summary>Retained messages of a node: status, info, and of its camera the state and a summary.</summary>
    public const int States = 4;

    private const int LandmarkBytes = 2000; // of a message with one face
    private const int StateReceiptBytes = 4;
    private static readonly byte[] s_landmarks = Encoding.ASCII.GetBytes($"{{\"pad\":\"{new string('x', LandmarkBytes - 10)}\"}}");
    private readonly List<(Socket Socket, byte[] Landmarks, byte[] Stats)> _nodes = [];

    /// <summary>How many they are.</summary>
    public int Count => _nodes.Count;

    /// <summary>Name of a node.</summary>
    public static string Name(int number) => "node" + number.ToString("d5", CultureInfo.InvariantCulture);

    /// <summary>Connects them, one after the other, and waits until the broker has the state of each.</summary>
    /// <param name="port">The broker's on 127.0.0.1.</param>
    /// <param name="count">How many.</param>
    public static async Task<SimulatedFleet> ConnectAsync(int port, int count)
    {
        var fleet = new SimulatedFleet();
        try
        {
            for (var i = 0; i < count; i++)
                await fleet.ConnectAsync(port, $"facelandmark/{Name(i)}", $"facelandmark-{Name(i)}");
            return fleet;
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    /// <summary>Each sends so many messages, ten a second as far as the broker and this machine keep up, and none is left out.</summary>
    /// <param name="each">Messages of each; a multiple of <see cref="MessagesPerSecond"/>.</param>
    /// <param name="isPaced">False: as fast as the broker takes them.</param>
    /// <returns>How long it took.</returns>
    public Task<TimeSpan> SendAsync(int each, bool isPaced = true) =>
        Task.Factory.StartNew(() => Send(each, isPaced), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Breaks the connections off, without a goodbye.</summary>
    public void Dispose() => _nodes.ForEach(node => node.Socket.Dispose());

    private async Task ConnectAsync(int port, string topics, string client)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _nodes.Add(
            (
                socket,
                RawPackets.Message($"{topics}/cameras/cam0/landmarks", s_landmarks),
                RawPackets.Message($"{topics}/stats", """{"fps":{"in":10,"out":10},"endToEnd":{"p50":40,"p99":60}}"""u8)
            )
        );
        await socket.ConnectAsync("127.0.0.1", port);
        byte[][] packets =
        [
            RawPackets.Connect(client, $"{topics}/status", "offline"),
            RawPackets.State($"{topics}/info", """{"software":{"version":"1.0"},"cameras":[{"name":"cam0"}]}""", 1),
            RawPackets.State($"{topics}/cameras/cam0/state", """{"state":"streaming"}""", 2),
            RawPackets.State($"{topics}/cameras/cam0/summary", """{"count":1,"fps":10}""", 3),
            RawPackets.State($"{topics}/status", "online", 4),
        ];
        foreach (var packet in packets)
            await socket.SendAsync(packet);
        await ReceiveAsync(socket, packets.Length * StateReceiptBytes); // CONNACK and PUBACK have four bytes each
    }

    private static async Task ReceiveAsync(Socket socket, int bytes)
    {
        var buffer = new byte[bytes];
        for (var have = 0; have < bytes;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(have));
            have += more > 0 ? more : throw new IOException("The broker has closed the connection.");
        }
    }

    // A tenth of the nodes in each hundredth of a second.
    private TimeSpan Send(int each, bool isPaced)
    {
        var began = Stopwatch.GetTimestamp();
        for (var turn = 0; turn < MessagesPerSecond * each; turn++)
        {
            var isStats = turn / 10 % MessagesPerSecond == 0;
            for (var i = turn % 10; i < _nodes.Count; i += 10)
                _nodes[i].Socket.Send(isStats ? _nodes[i].Stats : _nodes[i].Landmarks);
            var due = TimeSpan.FromSeconds((turn + 1) / (10.0 * MessagesPerSecond)) - Stopwatch.GetElapsedTime(began);
            if (isPaced && due > TimeSpan.Zero)
                Thread.Sleep(due);
        }

        return Stopwatch.GetElapsedTime(began);
    }
}
