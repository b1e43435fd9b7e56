using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using FaceLandmark.Mqtt;
using FaceLandmark.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Web;

/// <summary>The bridge between a WebSocket and a broker that is the test's own socket.</summary>
public sealed class BrokerBridgeTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(200);
    private readonly TcpListener _broker = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _time = new();
    private readonly int _port = Ports.Free();
    private readonly List<IDisposable> _sockets = [];
    private BrokerBridge _bridge = null!;
    private HttpServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _broker.Start(100);
        var options = new MqttOptions { Host = "127.0.0.1", Port = ((IPEndPoint)_broker.LocalEndpoint).Port };
        var settings = new BrokerSettings(options, new MqttTopics("base", "node", ["cam0"]), "session");
        _bridge = new BrokerBridge(new BrokerLine(options, settings), _time, NullLogger<LivePage>.Instance);
        _server = await HttpServer.StartAsync(
            "127.0.0.1",
            _port,
            NullLoggerFactory.Instance,
            application =>
            {
                application.UseWebSockets();
                application.Run(context => _bridge.AnswerAsync(context, application.Lifetime.ApplicationStopping));
            }
        );
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _broker.Dispose();
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_the_last_ones_of_a_broker_that_closes_arrive()
    {
        var (viewer, broker) = await ConnectAsync();
        await viewer.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        var got = new byte[3];
        await broker.GetStream().ReadExactlyAsync(got, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], got);

        await broker.GetStream().WriteAsync(new byte[] { 4, 5 }, TestContext.Current.CancellationToken);
        broker.Close();
        var buffer = new byte[16];
        Assert.Equal(2, (await viewer.ReceiveAsync(buffer, TestContext.Current.CancellationToken)).Count);
        Assert.Equal(
            WebSocketMessageType.Close,
            (await viewer.ReceiveAsync(buffer, TestContext.Current.CancellationToken).InTimeAsync()).MessageType
        );
    }

    [Fact]
    public async Task A_viewer_that_leaves_ends_its_connection_to_the_broker()
    {
        var (viewer, broker) = await ConnectAsync();
        await viewer.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        Assert.Equal(0, await broker.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).InTimeAsync());
    }

    [Fact]
    public async Task A_viewer_that_says_nothing_loses_its_place()
    {
        var (_, silent) = await ConnectAsync();
        var (viewer, broker) = await ConnectAsync();
        await viewer.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        await broker.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0, await silent.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).InTimeAsync());
        await viewer.SendAsync(new byte[] { 2 }, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        await broker.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Three_hundred_idle_connections_shut_nobody_out()
    {
        for (var i = 0; i < 300; i++)
        {
            var idle = new TcpClient();
            _sockets.Add(idle);
            await idle.ConnectAsync("127.0.0.1", _port, TestContext.Current.CancellationToken);
        }

        using var browser = new HttpClient();
        using var answer = await browser
            .GetAsync(new Uri($"http://127.0.0.1:{_port}/"), TestContext.Current.CancellationToken)
            .InTimeAsync();
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode); // the bridge answers
    }

    [Fact]
    public async Task A_viewer_that_takes_nothing_holds_the_broker_back_and_is_let_go_after_a_while()
    {
        var (viewer, broker) = await ConnectAsync();
        await viewer.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        await broker.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        var block = new byte[64 * 1024];
        long written = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                var write = broker.GetStream().WriteAsync(block, TestContext.Current.CancellationToken).AsTask();
                while (await Task.WhenAny(write, Task.Delay(s_beat, TestContext.Current.CancellationToken)) != write)
                    _time.Advance(TimeSpan.FromSeconds(31)); // the bridge seems to be held back; if it is only late, the next turn comes
                await write;
                written += block.Length;
                // No IOException: the test fails.
                Assert.True(written <= 64 << 20, $"{written} bytes are more than what the sockets' own buffers take");
            }
        });
        Assert.True(written >= block.Length);
    }

    [Fact]
    public async Task Only_so_many_viewers_are_served()
    {
        for (var i = 0; i < BrokerBridge.ViewersAtMost; i++)
            await ConnectAsync();
        using var late = Socket();
        late.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => late.ConnectAsync(Address, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.HttpStatusCode);
        Assert.Contains(
            "64 viewers are connected",
            await _bridge.TroubleAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named()
    {
        _broker.Stop();
        using var viewer = Socket();
        viewer.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => viewer.ConnectAsync(Address, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadGateway, viewer.HttpStatusCode);
        Assert.StartsWith(
            "Nothing listens on 127.0.0.1:",
            await _bridge.TroubleAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private Uri Address => new($"ws://127.0.0.1:{_port}/");

    private static ClientWebSocket Socket()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(BrokerBridge.Protocol);
        return socket;
    }

    private async Task<(ClientWebSocket Viewer, TcpClient Broker)> ConnectAsync()
    {
        var accepted = _broker.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        var viewer = Socket();
        _sockets.Add(viewer);
        await viewer.ConnectAsync(Address, TestContext.Current.CancellationToken);
        var broker = await accepted.InTimeAsync();
        _sockets.Add(broker);
        return (viewer, broker);
    }
}
