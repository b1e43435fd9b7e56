using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FaceLandmark.Tests.Publish;

[Trait("Category", "mqtt")]
public sealed class LogTopicTests
{
    private const string Log = "facelandmark/node7/log";

    [Fact]
    public async Task A_flood_of_warnings_is_one_message_with_its_number_and_what_is_less_than_a_warning_is_none()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        await using var subscriber = await Subscriber.StartAsync(broker.Port, Log);
        using var provider = new MqttLogProvider(bench.Link, bench.Topics, Samples.Identity, new FakeTimeProvider()); // sends when told to
        var logger = provider.CreateLogger("FaceLandmark.Some.Where");
        logger.Log(LogLevel.Information, new EventId(1), "quiet", null, (text, _) => text);
        for (var i = 1; i <= 500; i++)
            logger.Log(LogLevel.Warning, new EventId(700), $"trouble {i}", null, (text, _) => text);
        logger.Log(LogLevel.Error, new EventId(701), "worse", new InvalidOperationException("why"), (text, _) => text);
        provider.Flush();
        var first = JsonNode.Parse((await subscriber.NextAsync()).Payload)!;
        var second = JsonNode.Parse((await subscriber.NextAsync()).Payload)!;
        Assert.Equal(
            ("warning", "Where", 700, "trouble 500", 500L),
            ((string)first["level"]!, (string)first["category"]!, (int)first["event"]!, (string)first["message"]!, (long)first["count"]!)
        );
        Assert.Equal(("error", "worse (why)", 1L), ((string)second["level"]!, (string)second["message"]!, (long)second["count"]!));
    }

    [Fact]
    public async Task What_is_said_during_an_outage_comes_after_it()
    {
        var port = Ports.Free();
        var time = new FakeTimeProvider();
        await using var bench = new LinkBench(new MqttOptions { Port = port });
        using var provider = new MqttLogProvider(bench.Link, bench.Topics, Samples.Identity, time);
        provider.CreateLogger("x").Log(LogLevel.Warning, new EventId(7), "in the dark", null, (text, _) => text);
        provider.Flush();
        await using var broker = await ChosenBroker.StartAsync(port);
        await using var subscriber = await Subscriber.StartAsync(port, Log);
        bench.Link.Start();
        await bench.WaitOnlineAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("in the dark", (await subscriber.NextAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_assistant_hears_of_the_node_again_when_it_starts_and_no_more_when_it_is_removed()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var homeAssistant = await Subscriber.StartAsync(broker.Port, "homeassistant/device/#");
        await using var statuses = await Subscriber.StartAsync(broker.Port, "facelandmark/node7/status");
        await using (var bench = new LinkBench(new MqttOptions { Port = broker.Port }))
        {
            HomeAssistant.Announce(bench.Link, bench.Topics, new HomeAssistantOptions { Discovery = HomeAssistantDiscovery.On });
            bench.Link.Start();
            var config = JsonNode.Parse((await homeAssistant.NextAsync()).Payload)!;
            Assert.Equal("facelandmark/node7/status", (string)config["availability_topic"]!);
            Assert.Equal("facelandmark/node7/cameras/cam0/summary", (string)config["components"]!["cam0_presence"]!["state_topic"]!);
            // What the broker gives to others came after the node's subscriptions.
            Assert.Equal("online", (await statuses.NextAsync()).Text);
            await homeAssistant.PublishAsync("homeassistant/status", "online");
            Assert.Equal("homeassistant/device/facelandmark_node7/config", (await homeAssistant.NextAsync()).Topic);
        }

        await using var gone = new LinkBench(new MqttOptions { Port = broker.Port });
        HomeAssistant.Announce(gone.Link, gone.Topics, new HomeAssistantOptions { Discovery = HomeAssistantDiscovery.Remove });
        gone.Link.Start();
        Assert.Empty((await homeAssistant.NextAsync()).Payload);
    }
}
