namespace FaceLandmark.Tests.Brokers;

/// <summary>
/// A real nats-server, which speaks MQTT 3.1.1 only. Disposing kills it; what it stored stays for the next one of the same folder.
/// </summary>
internal sealed class NatsBroker : IAsyncDisposable, IFreezable
{
    private readonly RunningProgram _program;

    private NatsBroker(RunningProgram program, int clientPort, int port) => (_program, ClientPort, Port) = (program, clientPort, port);

    /// <summary>Where it listens for its own protocol on 127.0.0.1.</summary>
    public int ClientPort { get; }

    /// <summary>Where it listens for MQTT on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="folder">Where it stores what it keeps.</param>
    /// <param name="port">The port; 0: a free one.</param>
    /// <param name="rules">What it demands of clients; null: nothing.</param>
    public static Task<NatsBroker> StartAsync(string folder, int port = 0, BrokerRules? rules = null)
    {
        var accounts = rules?.User is { } user ? $"authorization {{ user: {user}, password: {rules.Password} }}" : "";
        return StartAsync(folder, "nats", port == 0 ? Ports.Free() : port, "", accounts);
    }

    /// <summary>
    /// Starts a member of a cluster of three and waits until it listens. It takes clients only once all three have found each other:
    /// otherwise it would keep messages at two members when only two are there, and none would be left to agree with when one dies.
    /// </summary>
    /// <param name="folder">Where all of them store what they keep.</param>
    /// <param name="member">Which one it is.</param>
    /// <param name="routes">The ports at which they talk to each other.</param>
    public static Task<NatsBroker> StartAsync(string folder, int member, IReadOnlyList<int> routes)
    {
        var others = string.Join(", ", routes.Where((_, index) => index != member).Select(port => $"nats://127.0.0.1:{port}"));
        return StartAsync(
            Directory.CreateDirectory(Path.Combine(folder, $"{member}")).FullName,
            Name(member),
            Ports.Free(),
            "stream_replicas: 3",
            $"cluster {{ name: facelandmark, host: 127.0.0.1, port: {routes[member]}, routes: [{others}] }}"
        );
    }

    /// <summary>What a member of a cluster is called.</summary>
    public static string Name(int member) => $"nats{member}";

    private static async Task<NatsBroker> StartAsync(string folder, string name, int port, string mqtt, string more)
    {
        var (configuration, clientPort) = (Path.Combine(folder, "nats.conf"), Ports.Free());
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            server_name: {{name}}
            host: 127.0.0.1
            port: {{clientPort}}
            jetstream { store_dir: "{{folder}}" }
            mqtt {
              host: 127.0.0.1
              port: {{port}}
              {{mqtt}}
            }
            {{more}}
            """
        );
        var broker = new NatsBroker(RunningProgram.Start("nats-server", ["-c", configuration]), clientPort, port);
        try
        {
            await broker._program.SaysAsync("Server is ready");
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it says something.</summary>
    public Task SaysAsync(string words) => _program.SaysAsync(words);

    /// <inheritdoc/>
    public void Freeze() => _program.Freeze();

    /// <inheritdoc/>
    public void Thaw() => _program.Thaw();

    /// <summary>What it said so far.</summary>
    public string Log => _program.Log;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
