namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>The bridge configuration between two real brokers: an edge broker, and the production one as the centre.</summary>
public sealed class BridgeTests
{
    [Fact]
    public async Task What_a_node_says_at_the_edge_is_retained_at_the_centre_and_requests_come_back()
    {
        await using var centre = await ProductionBroker.StartAsync();
        var port = Ports.Free();
        var lines = (
            await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "mosquitto", "bridge.conf"), TestContext.Current.CancellationToken)
        ).Select(line =>
            line.Replace("listener 1883", $"listener {port}", StringComparison.Ordinal)
                .Replace("broker.example:8883", $"localhost:{centre.Port}", StringComparison.Ordinal)
                .Replace("/etc/mosquitto/facelandmark", centre.Folder, StringComparison.Ordinal)
                .Replace("NODE", "node7", StringComparison.Ordinal)
                .Replace("PASSWORD", centre.PasswordOf("node7"), StringComparison.Ordinal)
        );
        await using var edge = await MosquittoBroker.StartAsync(port, lines.Append("log_type information"));
        await using var bench = await LinkBench.OnlineAsync(port);
        var there = await MosquittoClients.SubscribeAsync(1, [.. centre.As("dashboard"), "-t", "facelandmark/node7/status"]);
        Assert.Equal("online", there.Trim());

        await using var listener = await Subscriber.StartAsync(port, "facelandmark/node7/request/#");
        await MosquittoClients.PublishAsync([.. centre.As("dashboard"), "-q", "1", "-t", "facelandmark/node7/request/health", "-m", "{}"]);
        Assert.Equal("facelandmark/node7/request/health", (await listener.NextAsync()).Topic);
    }
}
