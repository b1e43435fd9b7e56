using System.Net;
using System.Net.Sockets;
using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.IntegrationTests.Mqtt;

public sealed class EmbeddedBrokerTests
{
    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task It_serves_retained_and_live_messages_to_programs_of_this_machine(string version)
    {
        await using var broker = await StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        bench.Link.SetState(bench.Topics.Info, "{}"u8.ToArray());
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        await subscriber.UntilAsync(message => message.Topic == bench.Topics.Info);

        var port = $"{broker.Port}";
        var printed = await MosquittoClients.SubscribeAsync(2, "-V", version, "-p", port, "-t", "facelandmark/#", "-F", "%r %t %p");
        Assert.Equal(
            ["1 facelandmark/node7/info {}", "1 facelandmark/node7/status online"],
            printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
        );
        await MosquittoClients.PublishAsync("-V", version, "-p", port, "-t", "facelandmark/x", "-m", "live");
        Assert.Equal("live", (await subscriber.UntilAsync(message => message.Topic == "facelandmark/x"))[^1].Text);
    }

    [Fact]
    public async Task It_publishes_the_last_will()
    {
        await using var broker = await StartAsync();
        var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        await bench.DisposeAsync();
        Assert.Equal("offline", (await subscriber.NextAsync()).Text);
    }

    [Fact]
    public async Task Subscribers_get_everything_up_to_the_goodbye_before_it_stops()
    {
        // A clock that stands still: it waits for the subscriber, not for a time.
        await using var broker = await StartAsync(new FakeTimeProvider());
        await using var bench = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { QueueLength = 1000 });
        // Not by MQTTnet: its client forgets what it has received and not yet shown when the connection ends.
        await using var subscriber = RunningProgram.Start(
            "mosquitto_sub",
            ["-p", $"{broker.Port}", "-V", "5", "-t", "facelandmark/#", "-F", "%t %l"]
        );
        Assert.Equal($"{bench.Topics.Status} {"online".Length}", await subscriber.NextLineAsync());
        for (var i = 0; i < 200; i++)
            bench.Send("facelandmark/x", new byte[3000], qos: 0);
        await bench.Link.StopAsync(Patience.Limit);
        await broker.DisposeAsync();
        for (var i = 0; i < 200; i++)
            Assert.Equal("facelandmark/x 3000", await subscriber.NextLineAsync());
        Assert.Equal($"{bench.Topics.Status} {"stopped".Length}", await subscriber.NextLineAsync());
    }

    [Fact]
    public async Task A_subscriber_that_reads_nothing_does_not_hold_up_the_stop()
    {
        var time = new FakeTimeProvider();
        await using var broker = await StartAsync(time);
        using var deaf = new TcpClient { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync(IPAddress.Loopback, broker.Port, TestContext.Current.CancellationToken);
        byte[] connect = [0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, 1, (byte)'d'];
        byte[] subscribe = [0x82, 6, 0, 1, 0, 1, (byte)'#', 0];
        await deaf.GetStream().WriteAsync((byte[])[.. connect, .. subscribe], TestContext.Current.CancellationToken);
        var acknowledgements = new byte[4 + 5];
        await deaf.GetStream().ReadExactlyAsync(acknowledgements, TestContext.Current.CancellationToken);

        await using var bench = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { QueueLength = 1000 });
        for (var i = 0; i < 40; i++)
            bench.Send("facelandmark/x", new byte[1 << 20], qos: 0);
        await bench.Link.StopAsync(Patience.Limit);
        var stop = broker.DisposeAsync().AsTask();
        Assert.False(stop.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await stop.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Another_client_of_the_same_name_is_told_by_name()
    {
        await using var broker = await StartAsync();
        await using var first = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { ClientId = "twin" });
        await using var second = await LinkBench.OnlineAsync(broker.Port, new MqttOptions { ClientId = "twin" });

        // The socket may close before the broker's reason is read; twins throw each other out again and again.
        var expected =
            $"Another client with the identifier 'twin' connected to the broker 127.0.0.1:{broker.Port} and took this node's place: "
                + "give every node";
        var said = await first.Log.NextAsync(LogLevel.Warning);
        for (var more = 0; more < 5 && !said.StartsWith(expected, StringComparison.Ordinal); more++)
            said = await first.Log.NextAsync(LogLevel.Warning);
        Assert.StartsWith(expected, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task A_taken_port_is_a_plain_sentence(string address)
    {
        using var other = new TcpListener(IPAddress.Parse(address), 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var broker = new EmbeddedBroker(
            new MqttOptions { Port = port },
            null,
            TimeProvider.System,
            NullLogger<EmbeddedBroker>.Instance
        );
        var failure = await Assert.ThrowsAsync<EmbeddedBrokerException>(broker.StartAsync);
        Assert.Equal(
            $"Port {port} on loopback is taken, probably by another broker or node: set Mqtt:Port to a free one, "
                + "or Mqtt:Host to use that broker.",
            failure.Message
        );
    }

    private static async Task<EmbeddedBroker> StartAsync(TimeProvider? time = null)
    {
        var broker = new EmbeddedBroker(
            new MqttOptions { Port = 0 },
            null,
            time ?? TimeProvider.System,
            NullLogger<EmbeddedBroker>.Instance
        );
        await broker.StartAsync();
        return broker;
    }
}
