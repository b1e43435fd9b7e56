using System.Net.Sockets;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The node's own broker against clients that want too much of it.</summary>
public sealed class BrokerGuardTests : IAsyncLifetime
{
    private readonly MqttOptions _options = new() { Port = Ports.Free() };
    private readonly LogProbe<MqttLink> _log = new();
    private EmbeddedBroker _broker = null!;
    private MqttLink _link = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = new BrokerSettings(_options, Samples.Topics(), "s1");
        _broker = new EmbeddedBroker(_options, settings, TimeProvider.System, NullLogger<EmbeddedBroker>.Instance);
        await _broker.StartAsync();
        _link = new MqttLink(settings, Samples.Metrics(TimeProvider.System), TimeProvider.System, _log);
        _link.SetState("facelandmark/node7/info", "{}"u8.ToArray());
        _link.Start();
        await _link.WaitUntilOnlineAsync(TestContext.Current.CancellationToken).InTimeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Theory]
    [InlineData("facelandmark/node7/info", MqttClientPublishReasonCode.NotAuthorized)]
    [InlineData("facelandmark/node7/status", MqttClientPublishReasonCode.NotAuthorized)]
    [InlineData("facelandmark/node7/cameras/cam0/state", MqttClientPublishReasonCode.NotAuthorized)]
    [InlineData("facelandmark/node7/request/health", MqttClientPublishReasonCode.NoMatchingSubscribers)]
    [InlineData("facelandmark/node8/info", MqttClientPublishReasonCode.NoMatchingSubscribers)]
    [InlineData("else", MqttClientPublishReasonCode.NoMatchingSubscribers)]
    public async Task Others_write_anything_but_what_the_node_says_of_itself(string topic, MqttClientPublishReasonCode answer)
    {
        using var client = await ConnectAsync("other");
        Assert.Equal(answer, (await PublishAsync(client, topic, new byte[10])).ReasonCode);
    }

    [Fact]
    public async Task A_last_will_of_others_changes_nothing_of_the_nodes_either()
    {
        using (
            await ConnectAsync(
                "other",
                options => options.WithWillTopic("facelandmark/node7/status").WithWillPayload("forged").WithWillRetain()
            )
        )
        {
            // It goes without a goodbye.
        }

        await using var subscriber = await Subscriber.StartAsync(_broker.Port, "facelandmark/node7/status");
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        using var client = await ConnectAsync("yet another");
        await PublishAsync(client, "facelandmark/node7/request/end", []);
        Assert.DoesNotContain(_log.All, line => line.Text.Contains("overwritten", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_takes_the_nodes_place()
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var answer = await client.ConnectAsync(
            Options("facelandmark-node7").WithCredentials(BrokerSettings.OwnerName, "guess").Build(),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, answer.ResultCode);
        Assert.Equal(LinkState.Online, _link.State);
    }

    [Fact]
    public async Task Retained_messages_of_others_have_a_bound_and_the_nodes_own_state_goes_on()
    {
        using var client = await ConnectAsync("other");
        var kept = 0;
        while ((await PublishAsync(client, $"big/{kept}", new byte[1_000_000])).IsSuccess)
            Assert.InRange(++kept, 1, 16);
        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, (await PublishAsync(client, "big/more", new byte[1_000_000])).ReasonCode);
        Assert.True((await PublishAsync(client, "big/0", [])).IsSuccess); // removing is allowed, and makes room
        Assert.True((await PublishAsync(client, "big/more", new byte[1_000_000])).IsSuccess);

        await using var subscriber = await Subscriber.StartAsync(_broker.Port, "facelandmark/node7/info");
        await subscriber.NextAsync();
        _link.SetState("facelandmark/node7/info", "{\"new\":1}"u8.ToArray());
        Assert.Equal("{\"new\":1}", (await subscriber.NextAsync()).Text);
    }

    [Fact]
    public async Task A_packet_that_claims_too_much_ends_its_connection_before_there_is_room_for_it()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _broker.Port, TestContext.Current.CancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: false);
        await socket.GetStream().WriteAsync(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F }, TestContext.Current.CancellationToken);
        Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).InTimeAsync());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false) - before, long.MinValue, 100_000_000); // it claims 256 MB
    }

    [Fact]
    public async Task Clients_of_MQTT_5_are_told_how_large_a_packet_may_be()
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var answer = await client.ConnectAsync(Options("other").Build(), TestContext.Current.CancellationToken);
        Assert.Equal((uint)EmbeddedBroker.PacketBytesAtMost, answer.MaximumPacketSize);
        Assert.Equal(EmbeddedBroker.PacketBytesAtMost, _link.MaxPacketBytes);
    }

    [Fact]
    public async Task Beyond_so_many_connections_a_new_one_is_closed_and_the_others_stay()
    {
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < EmbeddedBroker.ConnectionsAtMost - 1; i++) // the node has one
            {
                sockets.Add(new TcpClient());
                await sockets[^1].ConnectAsync("127.0.0.1", _broker.Port, TestContext.Current.CancellationToken);
            }

            using var beyond = new TcpClient();
            await beyond.ConnectAsync("127.0.0.1", _broker.Port, TestContext.Current.CancellationToken);
            Assert.Equal(0, await beyond.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).InTimeAsync());
            Assert.Equal(LinkState.Online, _link.State);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private MqttClientOptionsBuilder Options(string client) =>
        new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", _broker.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(client);

    private async Task<IMqttClient> ConnectAsync(string id, Func<MqttClientOptionsBuilder, MqttClientOptionsBuilder>? more = null)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync((more ?? (options => options))(Options(id)).Build(), TestContext.Current.CancellationToken);
        return client;
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string topic, byte[] payload) =>
        client.PublishAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic(topic)
                .WithPayload(payload)
                .WithRetainFlag()
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            TestContext.Current.CancellationToken
        );
}
