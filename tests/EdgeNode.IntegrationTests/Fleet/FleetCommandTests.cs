using System.Text.Json;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Mqtt;

namespace FaceLandmark.IntegrationTests.Fleet;

/// <summary>The verb <c>fleet</c> beside a real broker.</summary>
[Trait("Category", "mqtt")]
public sealed class FleetCommandTests
{
    [Fact]
    public async Task It_shows_who_is_there_and_who_is_gone()
    {
        ChosenBroker.Needs(BrokerAbility.RetainedByWildcard);
        await using var broker = await ChosenBroker.StartAsync();
        await using var there = Node("there", broker.Port);
        there.Link.SetState(there.Topics.Info, """{"software":{"version":"9.8.7"},"cameras":[{"name":"cam0"}]}"""u8.ToArray());
        await OnlineAsync(there);
        var gone = Node("gone", broker.Port);
        await OnlineAsync(gone);
        await using (var subscriber = await Subscriber.StartAsync(broker.Port, gone.Topics.Status))
        {
            await gone.DisposeAsync(); // without a goodbye
            await subscriber.UntilAsync(message => message.Text == "offline");
        }

        var (exitCode, output, errors) = await NodeProcess.RunAsync("fleet", "--json", Host(), $"--Mqtt:Port={broker.Port}");
        Assert.True(exitCode == 0, errors);
        using var report = JsonDocument.Parse(output);
        var nodes = report.RootElement.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(["gone offline", "there online"], nodes.Select(node => $"{node.GetProperty("node")} {node.GetProperty("status")}"));
        Assert.Equal("9.8.7", nodes[1].GetProperty("version").GetString());
        Assert.Equal(1, report.RootElement.GetProperty("withProblems").GetInt32());
    }

    [Fact]
    public async Task It_goes_on_when_the_broker_comes_back_and_announces_nothing_of_its_own()
    {
        ChosenBroker.Needs(BrokerAbility.RetainedByWildcard);
        var broker = await ChosenBroker.StartAsync();
        var port = broker.Port;
        string[] settings = [Host(), $"--Mqtt:Port={port}", "--Mqtt:ReconnectAfter=0.1s"];
        await using var fleet = NodeProcess.Start(["fleet", "--watch", "--json", .. settings]);
        await fleet.NextLineAsync();
        await broker.DisposeAsync();
        await fleet.SaysAsync($"127.0.0.1:{port}");
        await using var again = await ChosenBroker.StartAsync(port);
        await using var node = Node("late", port);
        await OnlineAsync(node);
        await fleet.SaysAsync("\"node\":\"late\",\"status\":\"online\"");
        fleet.AskToStop();
        var (exitCode, _, errors) = await fleet.EndAsync();
        Assert.True(exitCode == 0, errors);
        var retained = await MosquittoClients.SubscribeAsync(
            1,
            [.. ChosenBroker.Version, "-p", $"{port}", "-t", "facelandmark/#", "-F", "%t"]
        );
        Assert.Equal(node.Topics.Status, retained.Trim());
    }

    [Theory]
    [InlineData(1, "Nothing listens on 127.0.0.1:", "fleet")]
    [InlineData(2, "--for is 'soon', but must be a time such as 5s or 1min.", "fleet", "--for", "soon")]
    public async Task What_cannot_be_is_a_sentence(int status, string sentence, params string[] arguments)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync([.. arguments, Host(), $"--Mqtt:Port={Ports.Free()}"]);
        Assert.Equal((status, ""), (exitCode, output));
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string Host() => "--Mqtt:Host=127.0.0.1";

    private static LinkBench Node(string name, int port) =>
        new(new MqttOptions { Port = port }, topics: new MqttTopics("facelandmark", name, ["cam0"]));

    private static Task OnlineAsync(LinkBench node)
    {
        node.Link.Start();
        return node.WaitOnlineAsync();
    }
}
