namespace FaceLandmark.Tests.Brokers;

/// <summary>
/// A real nats-server, which speaks MQTT 3.1.1 only. Disposing kills it; what it stored stays for the next one of the same folder.
/// </summary>
internal sealed class NatsBroker : IAsyncDisposable
{
    private readonly RunningProgram _program;

    private NatsBroker(RunningProgram program, int port) => (_program, Port) = (program, port);

    /// <summary>Where it listens for MQTT on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="folder">Where it stores what it keeps.</param>
    /// <param name="port">The port; 0: a free one.</param>
    public static async Task<NatsBroker> StartAsync(string folder, int port = 0)
    {
        port = port == 0 ? Ports.Free() : port;
        var configuration = Path.Combine(folder, "nats.conf");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            server_name: nats
            host: 127.0.0.1
            port: {{Ports.Free()}}
            jetstream { store_dir: "{{folder}}" }
            mqtt { host: 127.0.0.1, port: {{port}} }
            """
        );
        var broker = new NatsBroker(RunningProgram.Start("nats-server", ["-c", configuration]), port);
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

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
