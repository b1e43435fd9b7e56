using System.Text;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>
/// What docs/mqtt.md promises, at each broker: one life of a node, from its first connection over an outage to its last will.
/// </summary>
[Trait("Category", "mqtt")]
[Trait("Category", "reliability")]
public sealed class ContractTests : IDisposable
{
    private const int Messages = 40;
    private const string Base = "facelandmark/node7";
    private readonly string _folder = Directory.CreateTempSubdirectory("contract-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(AnyBroker.Kinds), MemberType = typeof(AnyBroker))]
    public async Task State_messages_commands_an_outage_and_the_last_will(string kind)
    {
        var port = Ports.Free();
        var broker = await AnyBroker.StartAsync(kind, _folder, port);
        var metrics = Samples.Metrics(TimeProvider.System);
        var options = new OutboxOptions { File = Path.Combine(_folder, "outbox.db") };
        await using var outbox = new Outbox(options, metrics, TimeProvider.System, NullLogger<Outbox>.Instance);
        var bench = new LinkBench(new MqttOptions { Port = port }, outbox: outbox, metrics: metrics);
        bench.Link.Subscribe(
            $"{Base}/request/+",
            request => bench.Send($"{Base}/response/{request.Topic.Split('/')[^1]}", request.Payload.ToArray(), qos: 1),
            plain: [$"{Base}/request/health"]
        );
        bench.Link.SetState(bench.Topics.Info, "before"u8.ToArray());
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        Assert.Equal(kind is AnyBroker.Mosquitto or AnyBroker.Embedded, bench.Link.IsVersion5);

        await IsRetainedAsync(port, bench.Topics.Info, "before");
        await IsRetainedAsync(port, bench.Topics.Status, "online");

        await using (var witness = await Witness.StartAsync(port, $"{Base}/cameras/+/landmarks", $"{Base}/response/+"))
        {
            foreach (var qos in new[] { 0, 1 })
            {
                for (var i = 0; i < Messages; i++)
                    Assert.True(bench.Send($"{Base}/cameras/cam0/landmarks", Encoding.UTF8.GetBytes($"{qos} {i}"), qos));
                for (var i = 0; i < Messages; i++)
                    Assert.Equal($"0 {Base}/cameras/cam0/landmarks {qos} {i}", await witness.UntilAsync(_ => true));
            }

            await witness.PublishAsync($"{Base}/request/health", "how are you");
            Assert.Equal($"0 {Base}/response/health how are you", await witness.UntilAsync(_ => true));
        }

        await broker.DisposeAsync();
        await bench.Log.NextAsync(LogLevel.Warning);
        bench.Link.SetState(bench.Topics.Info, "after"u8.ToArray());
        for (var i = 0; i < Messages; i++)
            bench.Link.Deliver(new MqttMessage($"{Base}/cameras/cam0/events", Encoding.UTF8.GetBytes($"{i}"), MessageClass.Event));
        broker = await AnyBroker.StartAsync(kind, _folder, port);
        await IsRetainedAsync(port, bench.Topics.Info, "after");
        await bench.WaitOnlineAsync();
        using (var limit = Patience.NewLimit())
        {
            while (outbox.Count > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token); // the outbox tells nobody
        }

        await using (var witness = await Witness.StartAsync(port, $"{Base}/cameras/+/events"))
        {
            for (var i = Messages; i < 2 * Messages; i++)
                bench.Link.Deliver(new MqttMessage($"{Base}/cameras/cam0/events", Encoding.UTF8.GetBytes($"{i}"), MessageClass.Event));
            for (var i = Messages; i < 2 * Messages; i++)
                await witness.UntilAsync(text => text == $"0 {Base}/cameras/cam0/events {i}");
        }

        await using (var witness = await Witness.StartAsync(port, bench.Topics.Status))
        {
            await bench.DisposeAsync(); // without a goodbye
            await witness.UntilAsync(text => text.EndsWith(" offline", StringComparison.Ordinal));
        }

        await IsRetainedAsync(port, bench.Topics.Status, "offline");
        await broker.DisposeAsync();
    }

    // For somebody who comes later; a broker may take a moment to keep what it has taken.
    private static async Task IsRetainedAsync(int port, string topic, string text)
    {
        using var limit = Patience.NewLimit();
        for (var seen = ""; seen != $"1 {topic} {text}";)
        {
            limit.Token.ThrowIfCancellationRequested();
            await using var witness = await Witness.StartAsync(port, topic);
            seen = await witness.UntilAsync(_ => true);
        }
    }
}
