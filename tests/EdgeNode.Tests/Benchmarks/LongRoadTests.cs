using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FaceLandmark.Benchmarks;

namespace FaceLandmark.Tests.Benchmarks;

public sealed class LongRoadTests
{
    [Fact]
    public async Task Bytes_arrive_whole_in_their_order_and_not_before_their_time()
    {
        using var limit = Patience.NewLimit();
        var delay = TimeSpan.FromMilliseconds(80);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var road = new LongRoad("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, delay);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, road.Port, limit.Token);
        await using var near = new NetworkStream(socket);
        using var far = await listener.AcceptTcpClientAsync(limit.Token);
        var sent = new byte[300_000];
        new Random(1).NextBytes(sent);

        var began = Stopwatch.GetTimestamp();
        await near.WriteAsync(sent, limit.Token);
        socket.Shutdown(SocketShutdown.Send);
        var came = new MemoryStream();
        var first = new byte[1];
        await far.GetStream().ReadExactlyAsync(first, limit.Token);
        var taken = Stopwatch.GetElapsedTime(began);
        came.Write(first);
        await far.GetStream().CopyToAsync(came, limit.Token);

        Assert.True(taken >= delay, $"{taken}");
        Assert.Equal(sent, came.ToArray());
        await far.GetStream().WriteAsync(sent.AsMemory(0, 10), limit.Token);
        var answer = new byte[10];
        await near.ReadExactlyAsync(answer, limit.Token);
        Assert.Equal(sent[..10], answer);
    }
}
