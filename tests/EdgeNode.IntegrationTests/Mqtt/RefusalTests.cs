using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>What becomes of messages that a real mosquitto refuses, for a while or for ever.</summary>
[Trait("Category", "mqtt")]
public sealed class RefusalTests : IAsyncDisposable
{
    private const int Messages = 60;
    private const string Forbidding = "topic read #\ntopic write facelandmark/node7/status\ntopic write allowed\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("refusal-").FullName;
    private readonly NodeMetrics _metrics = Samples.Metrics(TimeProvider.System);
    private Outbox? _outbox;

    private string AccessList => Path.Combine(_folder, "acl.conf");

    public async ValueTask DisposeAsync()
    {
        if (_outbox is not null)
            await _outbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task What_is_refused_until_the_access_list_is_mended_arrives_in_order_and_whole()
    {
        ChosenBroker.Needs(BrokerAbility.Refusals);
        await using var broker = await StartAsync();
        await using var bench = Bench(broker.Port, TimeSpan.FromMinutes(10));
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "#");
        bench.Link.SetState(bench.Topics.Info, "{}"u8.ToArray());
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        Deliver(bench, "e", Messages);
        Assert.Contains("refuses messages on", await bench.Log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);

        await File.WriteAllTextAsync(AccessList, "topic readwrite #\n", TestContext.Current.CancellationToken);
        broker.Reload();
        List<Subscriber.Received> seen = [];
        while (
            !seen.Any(message => message.Topic == "e" && message.Payload[0] == Messages - 1)
            || !seen.Any(message => message.Topic == bench.Topics.Info)
        )
            seen.Add(await subscriber.NextAsync());
        Assert.Equal(Enumerable.Range(0, Messages), seen.Where(message => message.Topic == "e").Select(message => (int)message.Payload[0]));
        Assert.Equal(0, bench.Drops(DropPlace.Outbox, DropReason.Refused));
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task What_is_refused_for_too_long_is_given_up_and_counted_and_the_rest_goes_on()
    {
        ChosenBroker.Needs(BrokerAbility.Refusals);
        await using var broker = await StartAsync();
        await using var bench = Bench(broker.Port, TimeSpan.FromSeconds(3));
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "allowed");
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        Deliver(bench, "e", Messages);
        Deliver(bench, "allowed", 1);
        Assert.Equal("allowed", (await subscriber.NextAsync()).Topic);
        Assert.Equal(Messages, bench.Drops(DropPlace.Outbox, DropReason.Refused));
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_broker_that_is_full_gets_everything_in_order_when_it_has_room()
    {
        var (port, isFull) = (Ports.Free(), true);
        using var server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).Build()
        );
        server.InterceptingPublishAsync += publish =>
        {
            if (publish.ApplicationMessage.Topic == "e" && Volatile.Read(ref isFull))
            {
                publish.ProcessPublish = false;
                publish.Response.ReasonCode = MqttPubAckReasonCode.QuotaExceeded;
            }

            return Task.CompletedTask;
        };
        await server.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(port, "e");
        await using var bench = Bench(port, TimeSpan.FromMinutes(10));
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        Deliver(bench, "e", Messages);
        Assert.Contains("refuses messages on e (QuotaExceeded", await bench.Log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);
        Volatile.Write(ref isFull, false);
        var seen = await subscriber.UntilAsync(message => message.Payload[0] == Messages - 1);
        Assert.Equal(Enumerable.Range(0, Messages), seen.Select(message => (int)message.Payload[0]));
        Assert.Equal(0, bench.Drops(DropPlace.Outbox, DropReason.Refused));
    }

    private static void Deliver(LinkBench bench, string topic, int count)
    {
        for (byte i = 0; i < count; i++)
            bench.Link.Deliver(new MqttMessage(topic, new[] { i }, MessageClass.Event));
    }

    private async Task<MosquittoBroker> StartAsync()
    {
        await File.WriteAllTextAsync(AccessList, Forbidding);
        return await MosquittoBroker.StartAsync(0, ("acl_file", $"acl_file {AccessList}"));
    }

    private LinkBench Bench(int port, TimeSpan patience)
    {
        var options = new OutboxOptions { File = Path.Combine(_folder, "o.db"), RefusedAtMost = patience };
        _outbox = new Outbox(options, _metrics, TimeProvider.System, NullLogger<Outbox>.Instance);
        return new LinkBench(new MqttOptions { Port = port }, outbox: _outbox, metrics: _metrics);
    }
}
