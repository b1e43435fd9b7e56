using System.Text;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>A node that knows two brokers, of which one is away or refuses it.</summary>
[Trait("Category", "mqtt")]
[Trait("Category", "reliability")]
public sealed class FailoverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_node_goes_on_at_the_next_broker_with_its_state_and_what_waits_and_back_again()
    {
        var first = await ChosenBroker.StartAsync();
        await using var second = await ChosenBroker.StartAsync();
        var metrics = Samples.Metrics(TimeProvider.System);
        var options = new OutboxOptions { File = Path.Combine(_folder, "outbox.db") };
        await using var outbox = new Outbox(options, metrics, TimeProvider.System, NullLogger<Outbox>.Instance);
        await using var bench = new LinkBench(
            new MqttOptions { Port = first.Port, Failover = $"127.0.0.1:{second.Port}" },
            outbox: outbox,
            metrics: metrics
        );
        bench.Link.SetState(bench.Topics.Info, "before"u8.ToArray());
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        await using var subscriber = await Subscriber.StartAsync(second.Port);
        await first.DisposeAsync();
        bench.Link.SetState(bench.Topics.Info, "after"u8.ToArray());
        var numbers = Enumerable.Range(0, 50).Select(i => $"{i}").ToList();
        foreach (var number in numbers)
            bench.Link.Deliver(new MqttMessage("facelandmark/node7/e", Encoding.UTF8.GetBytes(number), MessageClass.Event));

        var seen = new List<Subscriber.Received>();
        do seen.Add(await subscriber.NextAsync());
        while (!numbers.Append("after").Append("online").All(text => seen.Any(message => message.Text == text)));
        Assert.Equal(numbers, seen.Where(message => message.Topic == "facelandmark/node7/e").Select(message => message.Text));
        // In MQTT 3.1.1 state whose receipt was late is sent twice.
        Assert.All(seen.Where(message => message.Topic == bench.Topics.Info), info => Assert.Equal("after", info.Text));
        Assert.All(seen.Where(message => message.Topic == bench.Topics.Status), status => Assert.Equal("online", status.Text));
        Assert.Matches(
            $"^The (connection to the broker 127.0.0.1:{first.Port} was lost|broker 127.0.0.1:{first.Port} shut down)[.]",
            Assert.Single(bench.Log.All, line => line.Level == LogLevel.Warning).Text
        );

        await using var again = await ChosenBroker.StartAsync(first.Port);
        await second.DisposeAsync();
        string[] wanted = ["-t", bench.Topics.Info, "-t", bench.Topics.Status];
        var retained = await MosquittoClients.SubscribeAsync(
            2,
            [.. ChosenBroker.Version, "-p", $"{first.Port}", .. wanted, "-F", "%t %p"]
        );
        Assert.Equal(
            ["facelandmark/node7/info after", "facelandmark/node7/status online"],
            retained.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_broker_that_is_away_from_the_start_is_passed_over_by_nodes_and_visitors()
    {
        await using var broker = await ChosenBroker.StartAsync();
        var away = Ports.Free();
        var options = new MqttOptions { Port = away, Failover = $"127.0.0.1:{broker.Port}" };
        await using var bench = new LinkBench(options);
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        Assert.StartsWith(
            $"Nothing listens on 127.0.0.1:{away}: start the broker, or check Mqtt:Host and Mqtt:Port.",
            Assert.Single(bench.Log.All, line => line.Level == LogLevel.Warning).Text,
            StringComparison.Ordinal
        );
        string[] settings = ["--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={away}", $"--Mqtt:Failover={options.Failover}"];
        var (exitCode, output, errors) = await NodeProcess.RunAsync(["fleet", "--json", .. settings]);
        Assert.True(exitCode == 0, errors);
        using var report = JsonDocument.Parse(output);
        Assert.Equal($"127.0.0.1:{broker.Port}", report.RootElement.GetProperty("broker").GetString());
        // Where a visitor gets no retained message by a wildcard, it sees nobody of whom nothing changes.
        var seen = ChosenBroker.Has(BrokerAbility.RetainedByWildcard) ? 1 : 0;
        Assert.Equal(seen, report.RootElement.GetProperty("online").GetInt32());
    }

    [Fact]
    public async Task Two_that_refuse_are_told_once_each()
    {
        ChosenBroker.Needs(BrokerAbility.Refusals);
        (string, string)[] refusing = [("allow_anonymous", "allow_anonymous false"), ("log_type", "log_type all")];
        await using var first = await MosquittoBroker.StartAsync(0, refusing);
        await using var second = await MosquittoBroker.StartAsync(0, refusing);
        await using var bench = new LinkBench(new MqttOptions { Port = first.Port, Failover = $"127.0.0.1:{second.Port}" });
        bench.Link.Start();
        using (var limit = Patience.NewLimit())
        {
            while (Attempts(first) < 3 || Attempts(second) < 3)
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }

        string[] told = [.. bench.Log.All.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];
        Assert.Equal(2, told.Length);
        Assert.Contains($"127.0.0.1:{first.Port}", told[0], StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{second.Port}", told[1], StringComparison.Ordinal);
    }

    private static int Attempts(MosquittoBroker broker) =>
        broker.Log.Count(line => line.Contains("New connection from", StringComparison.Ordinal));
}
