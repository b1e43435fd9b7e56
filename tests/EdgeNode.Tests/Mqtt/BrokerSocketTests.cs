using System.Net;
using System.Net.Sockets;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class BrokerSocketTests
{
    [Fact]
    public async Task On_a_way_that_takes_nothing_little_waits_in_the_system()
    {
        const int Window = 16 * 1024;
        using var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = Window };
        broker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        broker.Listen();
        await using var stream = await new BrokerSocket().ConnectAsync(broker.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var taken = await broker.AcceptAsync(TestContext.Current.CancellationToken);
        var block = new byte[4096];
        var written = 0;
        for (; written < 4_000_000; written += block.Length)
        {
            // It hangs only when the system takes no more; a machine that is slow for so long would only end the count early.
            var write = stream.WriteAsync(block, TestContext.Current.CancellationToken).AsTask();
            if (await Task.WhenAny(write, Task.Delay(500, TestContext.Current.CancellationToken)) != write)
                break;
        }

        Assert.InRange(written, 1, BrokerSocket.UnsentAtMost + (16 * Window));
    }

    [Fact]
    public async Task The_system_fits_its_buffer_to_the_way()
    {
        using var broker = new Socket(SocketType.Stream, ProtocolType.Tcp);
        broker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        broker.Listen();
        var stream = (NetworkStream)await new BrokerSocket().ConnectAsync(broker.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var bare = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await bare.ConnectAsync(broker.LocalEndPoint!, TestContext.Current.CancellationToken);
        Assert.Equal(bare.SendBufferSize, stream.Socket.SendBufferSize);
        await stream.DisposeAsync();
    }
}
