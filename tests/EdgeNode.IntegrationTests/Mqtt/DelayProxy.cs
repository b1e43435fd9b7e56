using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>
/// A long way to a broker: a TCP proxy on loopback that hands every byte on, in both directions, only after a delay. As on a real line the
/// bytes of many packets are under way at once; only how long each takes is changed.
/// </summary>
internal sealed class DelayProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly TimeSpan _oneWay;
    private readonly Task _accepting;
    private readonly List<Task> _lines = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="target">Port of the broker on 127.0.0.1.</param>
    /// <param name="roundTrip">Time there and back.</param>
    public DelayProxy(int target, TimeSpan roundTrip)
    {
        (_target, _oneWay) = (target, roundTrip / 2);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_lines);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _lines.Add(CarryAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await broker.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await Task.WhenAll(PumpAsync(client, broker), PumpAsync(broker, client));
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // Whichever side broke it: disposing tells the other.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var underWay = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        var arriving = ArriveAsync(underWay.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            int length;
            while ((length = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
                underWay.Writer.TryWrite((Stopwatch.GetTimestamp() + (long)(_oneWay.TotalSeconds * Stopwatch.Frequency), buffer[..length]));
        }
        finally
        {
            underWay.Writer.Complete();
            await arriving;
        }
    }

    private async Task ArriveAsync(ChannelReader<(long Due, byte[] Bytes)> underWay, Socket to)
    {
        await foreach (var (due, bytes) in underWay.ReadAllAsync(CancellationToken.None))
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, _stop.Token);
            for (var sent = 0; sent < bytes.Length;)
                sent += await to.SendAsync(bytes.AsMemory(sent), _stop.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
