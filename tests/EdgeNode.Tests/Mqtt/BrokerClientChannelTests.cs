using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using FaceLandmark.Mqtt;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace FaceLandmark.Tests.Mqtt;

/// <summary>What is retained and who subscribes, one after the other: see <see cref="BrokerClientChannel"/>.</summary>
public sealed class BrokerClientChannelTests : IDisposable
{
    private static readonly MqttPublishPacket s_retained = new() { Topic = "a", Retain = true };
    private readonly SemaphoreSlim _order = new(1);
    private readonly Wire _first = new();
    private readonly Wire _second = new();

    public void Dispose()
    {
        _order.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_retained_message_waits_until_a_subscription_has_been_served()
    {
        using var subscriber = Channel(_first);
        using var publisher = Channel(_second);
        _first.Packets.Writer.TryWrite(new MqttSubscribePacket());
        _second.Packets.Writer.TryWrite(s_retained);
        Assert.IsType<MqttSubscribePacket>(await ReceiveAsync(subscriber));
        var retained = ReceiveAsync(publisher);
        Assert.False(retained.IsCompleted); // while MQTTnet reads what is retained, adds the subscription and queues
        var next = ReceiveAsync(subscriber);
        Assert.Same(s_retained, await retained.InTimeAsync());
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Live_messages_do_not_wait()
    {
        using var subscriber = Channel(_first);
        using var publisher = Channel(_second);
        _first.Packets.Writer.TryWrite(new MqttSubscribePacket());
        _second.Packets.Writer.TryWrite(new MqttPublishPacket { Topic = "a" });
        await ReceiveAsync(subscriber);
        Assert.IsType<MqttPublishPacket>(await ReceiveAsync(publisher).InTimeAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_holds_nobody_up(bool disconnects)
    {
        using var subscriber = Channel(_first);
        using var publisher = Channel(_second);
        _second.Packets.Writer.TryWrite(s_retained);
        _first.Packets.Writer.Complete(new IOException("The connection was reset."));
        await Assert.ThrowsAsync<ChannelClosedException>(() => ReceiveAsync(subscriber));
        var retained = ReceiveAsync(publisher);
        Assert.False(retained.IsCompleted); // the last will of the one that went comes first
        if (disconnects)
            await subscriber.DisconnectAsync(TestContext.Current.CancellationToken);
        else
            subscriber.Dispose();
        Assert.Same(s_retained, await retained.InTimeAsync());
        Assert.Equal(0, _order.CurrentCount);
    }

    private static Task<MqttPacket?> ReceiveAsync(BrokerClientChannel channel) =>
        channel.ReceivePacketAsync(TestContext.Current.CancellationToken);

    private BrokerClientChannel Channel(Wire wire) => new(wire, 1000, _order);

    private sealed class Wire : IMqttChannelAdapter
    {
        public Channel<MqttPacket> Packets { get; } = System.Threading.Channels.Channel.CreateUnbounded<MqttPacket>();

        public long BytesReceived => 0;

        public long BytesSent => 0;

        public X509Certificate2? ClientCertificate => null;

        public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 2);

        public bool IsSecureConnection => false;

        public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } =
            new(MqttProtocolVersion.V500, new MqttBufferWriter(4096, 65535));

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken) =>
            await Packets.Reader.ReadAsync(cancellationToken);

        public void ResetStatistics() { }

        public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() { }
    }
}
