using System.Net.Sockets;

namespace FaceLandmark.Tests.Fleet;

/// <summary>
/// Subscribes to all that a <see cref="SimulatedFleet"/> says and counts it by nodes, retained and live, without looking further into it.
/// </summary>
internal sealed class CountingListener : IDisposable
{
    private static readonly int s_nameAt = "facelandmark/".Length;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly int[] _live;
    private long _liveInAll;
    private long _retained;

    private CountingListener(int nodes) => _live = new int[nodes];

    /// <summary>Retained messages that it got.</summary>
    public long Retained => Interlocked.Read(ref _retained);

    /// <summary>Live messages that it got.</summary>
    public long Live => Interlocked.Read(ref _liveInAll);

    /// <summary>Live messages of a node.</summary>
    public int LiveOf(int node) => Volatile.Read(ref _live[node]);

    /// <summary>Connects and subscribes.</summary>
    /// <param name="port">The broker's on 127.0.0.1.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public static async Task<CountingListener> StartAsync(int port, int nodes)
    {
        var listener = new CountingListener(nodes);
        await listener._socket.ConnectAsync("127.0.0.1", port);
        await listener._socket.SendAsync(RawPackets.Connect("listener"));
        await listener._socket.SendAsync(RawPackets.Subscribe("facelandmark/#"));
        _ = Task.Factory.StartNew(listener.Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return listener;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        try
        {
            for (var have = 0; ;)
            {
                var more = _socket.Receive(_buffer.AsSpan(have));
                if (more == 0)
                    return;
                have += more;
                var used = 0;
                while (Take(_buffer.AsSpan(used, have - used)) is > 0 and var length)
                    used += length;
                _buffer.AsSpan(used, have - used).CopyTo(_buffer);
                have -= used;
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }

    // The bytes of the first packet; 0: it is not whole.
    private int Take(ReadOnlySpan<byte> bytes)
    {
        var (length, at) = (0, 1);
        for (var shift = 0; ; shift += 7, at++)
        {
            if (at >= bytes.Length)
                return 0;
            length |= (bytes[at] & 127) << shift;
            if (bytes[at] < 128)
                break;
        }

        var whole = at + 1 + length;
        if (whole > bytes.Length)
            return 0;
        if ((bytes[0] & 0xF0) == RawPackets.Publish)
            Count(bytes[0], bytes[(at + 1 + sizeof(ushort) + s_nameAt)..]);
        return whole;
    }

    private void Count(byte first, ReadOnlySpan<byte> name)
    {
        if ((first & 1) == 1)
        {
            Interlocked.Increment(ref _retained);
            return;
        }

        Interlocked.Increment(ref _live[int.Parse(name.Slice("node".Length, 5), null)]);
        Interlocked.Increment(ref _liveInAll);
    }
}
