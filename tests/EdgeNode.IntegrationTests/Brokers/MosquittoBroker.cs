namespace FaceLandmark.Tests.Brokers;

/// <summary>
/// A real mosquitto with the development configuration of <c>mosquitto/</c>, at a port the system chose or a given one. Disposing kills it,
/// as a power cut would; nothing it retained survives.
/// </summary>
internal sealed class MosquittoBroker : IAsyncDisposable, IFreezable
{
    // As root it would become a user who cannot read the temporary folder.
    private static readonly string s_user = $"user {Environment.UserName}";
    private readonly RunningProgram _program;
    private readonly string _folder;

    private MosquittoBroker(RunningProgram program, string folder, int port) => (_program, _folder, Port) = (program, folder, port);

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What it logged; complete once it is disposed.</summary>
    public IReadOnlyList<string> Log => _program.Errors.Split('\n');

    /// <inheritdoc cref="RunningProgram.Usage"/>
    public (TimeSpan Processor, long Bytes) Usage => _program.Usage;

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="port">The port; 0: a free one.</param>
    /// <param name="replacements">Lines of the configuration by their first word, and what takes their place; unknown first words are
    /// added.</param>
    public static Task<MosquittoBroker> StartAsync(int port = 0, params (string Key, string Line)[] replacements)
    {
        if (port == 0)
            port = Ports.Free();
        return StartAsync(port, Configure(port, replacements));
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="port">The port.</param>
    /// <param name="folder">Where its passwords are.</param>
    /// <param name="rules">What it demands of clients.</param>
    public static async Task<MosquittoBroker> StartAsync(int port, string folder, BrokerRules rules)
    {
        List<(string, string)> lines = [];
        if (rules.LargestMessage is { } bytes)
            lines.Add(("max_packet_size", $"max_packet_size {bytes}"));
        if (rules.OneWithoutReceipt)
            lines.Add(("max_inflight_messages", "max_inflight_messages 1"));
        if (rules.KeepsAllForSlowReaders)
            lines.Add(("max_queued_messages", "max_queued_messages 0"));
        if (rules.User is { } user)
        {
            var passwords = Path.Combine(folder, "passwords");
            await RunningProgram.OutputOfAsync("mosquitto_passwd", "-c", "-b", passwords, user, rules.Password);
            lines.Add(("allow_anonymous", "allow_anonymous false"));
            lines.Add(("password_file", $"password_file {passwords}"));
        }

        return await StartAsync(port, [.. lines]);
    }

    /// <summary>Starts one with a configuration of the caller's and waits until it listens.</summary>
    /// <param name="port">The port that the configuration names.</param>
    /// <param name="configurationLines">The configuration, without a user.</param>
    public static async Task<MosquittoBroker> StartAsync(int port, IEnumerable<string> configurationLines)
    {
        var folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
        var configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(configuration, configurationLines.Append(s_user));
        var broker = new MosquittoBroker(RunningProgram.Start("mosquitto", ["-c", configuration]), folder, port);
        try
        {
            await broker._program.SaysAsync(" running");
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="RunningProgram.Freeze"/>
    public void Freeze() => _program.Freeze();

    /// <inheritdoc cref="RunningProgram.Thaw"/>
    public void Thaw() => _program.Thaw();

    /// <summary>Makes it read its access list and passwords again.</summary>
    public void Reload() => _program.HangUp();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder))
            return; // a test killed it before its end
        await _program.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<string> Configure(int port, (string Key, string Line)[] replacements)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "mosquitto", "mosquitto.conf")).ToList();
        foreach (var (key, line) in replacements.Append(("listener", $"listener {port} 127.0.0.1")))
        {
            var at = lines.FindIndex(candidate => candidate.StartsWith(key + " ", StringComparison.Ordinal));
            if (at >= 0)
                lines[at] = line;
            else
                lines.Add(line);
        }

        return lines;
    }
}
