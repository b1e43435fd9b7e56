using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>
/// A long way to a broker: a TCP proxy on loopback that hands every byte on, in both directions, only after a delay. As on a real line the
/// bytes of many packets are under way at once; only how long each takes is changed.
/// </summary>
internal sealed class DelayProxy : LoopbackFront
{
    private readonly TimeSpan _oneWay;

    /// <summary>Begins to listen.</summary>
    /// <param name="target">Port of the broker on 127.0.0.1.</param>
    /// <param name="roundTrip">Time there and back.</param>
    public DelayProxy(int target, TimeSpan roundTrip)
        : base(target) => _oneWay = roundTrip / 2;

    /// <inheritdoc/>
    protected override async Task CarryAsync(TcpClient client)
    {
        using var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await broker.ConnectAsync(IPAddress.Loopback, Target, End);
                await Task.WhenAll(PumpAsync(client.Client, broker), PumpAsync(broker, client.Client));
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
            while ((length = await from.ReceiveAsync(buffer, End)) > 0)
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
                await Task.Delay(left, End);
            for (var sent = 0; sent < bytes.Length;)
                sent += await to.SendAsync(bytes.AsMemory(sent), End);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
