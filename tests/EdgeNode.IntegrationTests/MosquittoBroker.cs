using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.Tests;

/// <summary>
/// A real mosquitto with the development configuration of <c>mosquitto/</c>, at a port the system chose or a given one. Disposing
/// kills it, as a power cut would; nothing it retained survives.
/// </summary>
public sealed class MosquittoBroker : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // As root it would become a user who can't read the temporary folder.
    private static readonly string s_user = $"user {Environment.UserName}";
    private readonly Process _process;
    private readonly string _folder;

    private MosquittoBroker(Process process, string folder, int port, ConcurrentQueue<string> log)
    {
        _process = process;
        _folder = folder;
        Port = port;
        Log = log;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What it logged; complete once it is disposed.</summary>
    public IReadOnlyCollection<string> Log { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="port">The port; 0: a free one.</param>
    /// <param name="replacements">Lines of the configuration by their first word, and what takes their place; unknown first words are added.</param>
    public static Task<MosquittoBroker> StartAsync(int port = 0, params (string Key, string Line)[] replacements)
    {
        if (port == 0)
            port = FreePort();
        return StartAsync(port, Configure(port, replacements));
    }

    /// <summary>Starts one with a configuration of the caller's and waits until it listens.</summary>
    /// <param name="port">The port that the configuration names.</param>
    /// <param name="configurationLines">The configuration, without a user.</param>
    public static async Task<MosquittoBroker> StartAsync(int port, IEnumerable<string> configurationLines)
    {
        var folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
        var configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(configuration, configurationLines.Append(s_user));
        var process = Start("mosquitto", ["-c", configuration]);
        var log = new ConcurrentQueue<string>();
        var listening = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            log.Enqueue(line.Data ?? "");
            if (line.Data is null || line.Data.Contains(" running", StringComparison.Ordinal))
                listening.TrySetResult(line.Data is not null);
        };
        process.BeginErrorReadLine();
        var broker = new MosquittoBroker(process, folder, port, log);
        if (await listening.Task.WaitAsync(s_patience))
            return broker;
        await broker.DisposeAsync();
        throw new InvalidOperationException($"mosquitto did not start: {string.Join('\n', log)}");
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs one of mosquitto's programs to its end and gives what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(s_patience);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>Stops the process in its tracks: connections stay, nothing answers. <see cref="ThawAsync"/> lets it go on.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>Ends <see cref="FreezeAsync"/>.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder))
            return; // a test killed it before its end
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<string> SignalAsync(string signal) => RunAsync("kill", signal, _process.Id.ToString(CultureInfo.InvariantCulture));

    private static List<string> Configure(int port, (string Key, string Line)[] replacements)
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "mosquitto", "mosquitto.conf")).ToList();
        foreach (var (key, line) in replacements.Append(("listener", string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1"))))
        {
            var at = lines.FindIndex(candidate => candidate.StartsWith(key + " ", StringComparison.Ordinal));
            if (at >= 0)
                lines[at] = line;
            else
                lines.Add(line);
        }

        return lines;
    }

    /// <summary>The root of the repository.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FaceLandmark.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests don't run within the repository.");
        return folder;
    }

    private static Process Start(string program, string[] arguments)
    {
        // Debian keeps mosquitto where only root looks.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin");
        var path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"There is no {program}: install the packages mosquitto and mosquitto-clients.");
        return Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
