using FaceLandmark.Mqtt;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>Two nodes of one name at NATS: each throws the other one out, without a word, and is told.</summary>
[Trait("Category", "reliability")]
public sealed class NatsTwinTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nats-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nodes_of_one_name_at_different_servers_are_told_of_each_other()
    {
        await using var cluster = await NatsCluster.StartAsync(_folder);
        await using var one = Twin(cluster.Ports[0]);
        await using var other = Twin(cluster.Ports[1]);
        await TwinAsync(one, other);
    }

    [Fact]
    public async Task Nodes_of_one_name_at_one_server_are_told_of_each_other()
    {
        await using var broker = await NatsBroker.StartAsync(_folder);
        await using var one = Twin(broker.Port);
        await using var other = Twin(broker.Port);
        await TwinAsync(one, other);
    }

    // NATS holds a client that is thrown out and comes again for a second; both stay "soon gone" to the default pauses.
    private static LinkBench Twin(int port) => new(new MqttOptions { Port = port, ClientId = "twin" }, reconnectAfterAtMost: 15);

    private static async Task TwinAsync(LinkBench one, LinkBench other)
    {
        one.Link.Start();
        await one.WaitOnlineAsync();
        other.Link.Start();
        foreach (var node in new[] { one, other })
        {
            string warning;
            do warning = await node.Log.NextAsync(LogLevel.Warning);
            while (!warning.Contains("probably another client has the identifier 'twin' too", StringComparison.Ordinal));
        }
    }
}
