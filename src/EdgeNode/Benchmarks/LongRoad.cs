using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// A long way to the broker: passes on what comes from either side after a while, as it is and in its order. Only time is taken; nothing
/// is lost, and the way is as broad as it is needed.
/// </summary>
internal sealed class LongRoad : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly EndPoint _broker;
    private readonly TimeSpan _delay;
    private readonly Task _running;

    /// <summary>Opens it.</summary>
    /// <param name="host">The broker.</param>
    /// <param name="port">Its port.</param>
    /// <param name="delay">Of each direction.</param>
    public LongRoad(string host, int port, TimeSpan delay)
    {
        (_broker, _delay) = (BrokerSocket.EndPoint(host, port), delay);
        _listener.Start();
        _running = Task.Run(AcceptAsync);
    }

    /// <summary>Port of loopback where it begins.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
                carried.Add(CarryAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception reason) when (reason is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var here = near;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(_broker, _stop.Token);
            await Task.WhenAll(CarryAsync(near, far), CarryAsync(far, near));
        }
        catch (Exception reason) when (reason is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone, and so is the other then.
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var onTheWay = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        var delivering = DeliverAsync(onTheWay.Reader, to);
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                var due = Stopwatch.GetTimestamp() + (long)(_delay.TotalSeconds * Stopwatch.Frequency);
                onTheWay.Writer.TryWrite((due, buffer[..count]));
            }
        }
        catch (SocketException)
        {
            // Hung up.
        }

        onTheWay.Writer.Complete();
        await delivering;
    }

    private async Task DeliverAsync(ChannelReader<(long Due, byte[] Bytes)> onTheWay, Socket to)
    {
        await foreach (var (due, bytes) in onTheWay.ReadAllAsync(_stop.Token))
        {
            var left = -Stopwatch.GetElapsedTime(due);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, _stop.Token);
            await to.SendAsync(bytes, _stop.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
