namespace FaceLandmark.Tests.Brokers;

/// <summary>
/// A real RabbitMQ with its MQTT plugin (3.1.1 only), from Debian's packages, which <c>./test.sh</c> unpacks below <c>build/rabbitmq</c>:
/// installed, they would serve and start with the machine. Disposing kills it; what it stored stays for the next one of the same folder.
/// </summary>
internal sealed class RabbitBroker : IAsyncDisposable, IFreezable
{
    private static readonly string s_packages = Path.Combine(Repository.Root, "build", "rabbitmq", "usr", "lib");
    private static readonly string s_erlang = Path.Combine(s_packages, "erlang");
    private readonly RunningProgram _names;
    private readonly RunningProgram _program;

    private RabbitBroker(RunningProgram names, RunningProgram program, int port) => (_names, _program, Port) = (names, program, port);

    /// <summary>Where it listens for MQTT on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="folder">Where it stores what it keeps.</param>
    /// <param name="port">The port; 0: a free one.</param>
    /// <param name="rules">What it demands of clients; null: nothing.</param>
    public static async Task<RabbitBroker> StartAsync(string folder, int port = 0, BrokerRules? rules = null)
    {
        Assert.True(Directory.Exists(s_erlang), "RabbitMQ is not below build/rabbitmq: ./test.sh fetches it.");
        port = port == 0 ? Ports.Free() : port;
        var program = Directory.GetDirectories(Path.Combine(s_packages, "rabbitmq", "lib"), "rabbitmq_server-*").Single();
        var machine = Directory.GetDirectories(s_erlang, "erts-*").Single();
        var erl = Path.Combine(folder, "erl");
        await File.WriteAllTextAsync(
            erl,
            $"#!/bin/sh\nROOTDIR={s_erlang} BINDIR={machine}/bin EMU=beam PROGNAME=erl exec {machine}/bin/erlexec \"$@\"\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(erl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(folder, "plugins"), "[rabbitmq_mqtt].\n");
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "rabbitmq.conf"),
            [
                "listeners.tcp = none",
                $"mqtt.listeners.tcp.1 = 127.0.0.1:{port}",
                "log.console = true",
                .. rules?.User is { } user
                    ? (string[])["mqtt.allow_anonymous = false", $"default_user = {user}", $"default_pass = {rules.Password}"]
                    : ["mqtt.allow_anonymous = true"],
            ]
        );
        var names = Ports.Free();
        (string, string)[] variables =
        [
            ("HOME", folder),
            ("PATH", $"{folder}:{machine}/bin:{Environment.GetEnvironmentVariable("PATH")}"),
            ("ERL_EPMD_PORT", $"{names}"),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_HOME", program),
            ("RABBITMQ_NODENAME", "facelandmark@localhost"),
            ("RABBITMQ_DIST_PORT", $"{Ports.Free()}"),
            ("RABBITMQ_MNESIA_BASE", Path.Combine(folder, "kept")),
            ("RABBITMQ_LOG_BASE", Path.Combine(folder, "log")),
            ("RABBITMQ_LOGS", "-"),
            ("RABBITMQ_CONFIG_FILE", Path.Combine(folder, "rabbitmq.conf")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(folder, "plugins")),
            ("RABBITMQ_PLUGINS_DIR", Path.Combine(program, "plugins")),
            ("RABBITMQ_CONF_ENV_FILE", "/nonexistent"),
        ];
        var epmd = RunningProgram.Start(Path.Combine(machine, "bin", "epmd"), ["-port", $"{names}", "-address", "127.0.0.1"]);
        var broker = new RabbitBroker(
            epmd,
            RunningProgram.Start("bash", [Path.Combine(program, "sbin", "rabbitmq-server")], folder, variables),
            port
        );
        try
        {
            await broker._program.SaysAsync("Server startup complete");
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Freeze() => _program.Freeze();

    /// <inheritdoc/>
    public void Thaw() => _program.Thaw();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _names.DisposeAsync();
    }
}
