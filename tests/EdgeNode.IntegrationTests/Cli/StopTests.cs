using FaceLandmark.IntegrationTests.Mqtt;
using LongRoad = FaceLandmark.Benchmarks.LongRoad;

namespace FaceLandmark.Tests.Cli;

/// <summary>How the program stops when the way to its broker is long.</summary>
[Trait("Category", "mqtt")]
public sealed class StopTests
{
    [Fact]
    [Trait("Category", "reliability")]
    public async Task The_goodbye_has_the_time_that_DrainFor_gives_it()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var proxy = new LongRoad("127.0.0.1", broker.Port, TimeSpan.FromSeconds(1.5));
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "facelandmark/n1/status");
        await using var node = NodeProcess.Start(
            "--Node:Name=n1",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={proxy.Port}",
            "--Node:DrainFor=60s"
        );
        Assert.Equal("online", (await subscriber.NextAsync()).Text);
        node.AskToStop();
        var (exitCode, _, errors) = await node.EndAsync();
        Assert.True(exitCode == 0, $"{exitCode}: {errors}");
        await subscriber.UntilAsync(message => message.Text == "stopped"); // in MQTT 3.1.1 a late receipt has "online" sent again
    }
}
