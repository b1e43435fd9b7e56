using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>A broker that asks for a name and a password.</summary>
[Trait("Category", "mqtt")]
public sealed class BrokerAccountTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("accounts-").FullName;
    private ChosenBroker? _broker;

    public async ValueTask InitializeAsync()
    {
        if (ChosenBroker.Has(BrokerAbility.Accounts))
            _broker = await ChosenBroker.StartAsync(0, new BrokerRules("node", "right"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_showing_it()
    {
        await using var bench = await StartAsync(new MqttOptions { User = "node", Password = "wr0ng" });
        var warning = await bench.Log.NextAsync(LogLevel.Warning);
        Assert.StartsWith($"The broker 127.0.0.1:{_broker!.Port} refuses the user name or password", warning, StringComparison.Ordinal);
        // Some say that it is the password, others only that who comes is not authorised.
        Assert.Matches("of 'node'(, or does not authorise it)?: check Mqtt:User,? (and )?Mqtt:Password or Mqtt:PasswordFile", warning);
        Assert.DoesNotContain("wr0ng", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_user_is_said()
    {
        await using var bench = await StartAsync(new MqttOptions());
        Assert.Contains(
            "requires a user name: set Mqtt:User",
            await bench.Log.NextAsync(LogLevel.Warning),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_first_line_of_the_password_file_is_the_password_as_soon_as_the_file_is_there()
    {
        var file = Path.Combine(_folder, "secret");
        await using var bench = await StartAsync(
            new MqttOptions
            {
                User = "node",
                Password = "wrong",
                PasswordFile = file,
            }
        );
        var warning = await bench.Log.NextAsync(LogLevel.Warning);
        Assert.Contains($"The password file '{file}' cannot be read", warning, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file + ".new", "right\nsecond line\n", TestContext.Current.CancellationToken);
        File.Move(file + ".new", file);
        await bench.WaitOnlineAsync();
    }

    [Fact]
    public async Task A_topic_the_node_may_not_write_is_told_once()
    {
        ChosenBroker.Needs(BrokerAbility.Refusals);
        var access = Path.Combine(_folder, "acl");
        await File.WriteAllTextAsync(access, "topic write facelandmark/node7/status\n", TestContext.Current.CancellationToken);
        await using var broker = await MosquittoBroker.StartAsync(0, ("acl_file", $"acl_file {access}"));
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        bench.Link.SetState(bench.Topics.Info, "{}"u8.ToArray());
        bench.Link.SetState(bench.Topics.Camera("cam0").State, "{}"u8.ToArray());
        await bench.Link.StopAsync(Patience.Limit);
        var warning = Assert.Single(bench.Log.All, line => line.Level == LogLevel.Warning);
        Assert.Contains("refuses messages on facelandmark/node7/", warning.Text, StringComparison.Ordinal);
        Assert.Equal((2, 2), (bench.Metrics.Snapshot().Mqtt.Failed, bench.Metrics.Snapshot().Mqtt.Sent));
    }

    private async Task<LinkBench> StartAsync(MqttOptions options)
    {
        ChosenBroker.Needs(BrokerAbility.Accounts);
        var bench = new LinkBench(options with { Port = _broker!.Port });
        bench.Link.Start();
        return bench;
    }
}
