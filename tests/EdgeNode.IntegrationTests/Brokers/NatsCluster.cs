using System.Text.Json;

namespace FaceLandmark.Tests.Brokers;

/// <summary>Three real nats-servers that are one broker: what one keeps, all do. Each has a port for MQTT of its own.</summary>
internal sealed class NatsCluster : IAsyncDisposable
{
    private readonly NatsBroker[] _members;

    private NatsCluster(NatsBroker[] members) => _members = members;

    /// <summary>Where they listen for MQTT on 127.0.0.1.</summary>
    public IReadOnlyList<int> Ports => [.. _members.Select(member => member.Port)];

    /// <summary>The member that leads the cluster: it decides who keeps what.</summary>
    public int Leader { get; private set; }

    /// <summary>Starts them and waits until they have found each other.</summary>
    /// <param name="folder">Where they store what they keep.</param>
    public static async Task<NatsCluster> StartAsync(string folder)
    {
        int[] routes = [Programs.Ports.Free(), Programs.Ports.Free(), Programs.Ports.Free()];
        var members = await Task.WhenAll(routes.Select((_, index) => NatsBroker.StartAsync(folder, index, routes)));
        var leads = members.Select(member => member.SaysAsync("Self is new JetStream cluster metadata leader")).ToList();
        var lead = await Task.WhenAny(leads);
        await lead;
        return new NatsCluster(members) { Leader = leads.IndexOf(lead) };
    }

    /// <summary>What they said so far.</summary>
    public string Log => string.Join('\n', _members.Select(member => member.Log));

    /// <summary>
    /// Makes <see cref="Leader"/> lead everything that MQTT keeps: sessions, messages and retained ones. Its loss is then the worst one.
    /// A client must have connected before.
    /// </summary>
    public async Task GatherLeadershipAsync()
    {
        using var requests = await NatsRequests.OpenAsync(_members[Leader].ClientPort);
        using var limit = Patience.NewLimit();
        foreach (var stream in new[] { "$MQTT_sess", "$MQTT_msgs", "$MQTT_rmsgs" })
        {
            while (await LeaderAsync(requests, stream, limit.Token) is var leader && leader != NatsBroker.Name(Leader))
            {
                if (leader.Length > 0) // the next one is chosen at random
                    await requests.AskAsync($"$JS.API.STREAM.LEADER.STEPDOWN.{stream}", limit.Token);
            }
        }
    }

    /// <summary>Ends a member as a power cut does.</summary>
    public ValueTask KillAsync(int member) => _members[member].DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
    }

    private static async Task<string> LeaderAsync(NatsRequests requests, string stream, CancellationToken end)
    {
        using var answer = JsonDocument.Parse(await requests.AskAsync($"$JS.API.STREAM.INFO.{stream}", end));
        return
            answer.RootElement.TryGetProperty("cluster", out var cluster)
            && cluster.TryGetProperty("leader", out var leader)
            && leader.GetString() is { } name
            ? name
            : "";
    }
}
