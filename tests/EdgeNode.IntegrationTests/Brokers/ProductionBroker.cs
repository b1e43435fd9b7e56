namespace FaceLandmark.Tests.Brokers;

/// <summary>
/// A real mosquitto with the production configuration, accounts, access list and certificates that the repository's own script makes; only
/// folders and ports are the test's.
/// </summary>
internal sealed class ProductionBroker : IAsyncDisposable
{
    private readonly List<string> _lines;
    private MosquittoBroker _broker;

    private ProductionBroker(MosquittoBroker broker, List<string> lines, string folder, int port, int webSocketPort) =>
        (_broker, _lines, Folder, Port, WebSocketPort) = (broker, lines, folder, port, webSocketPort);

    /// <summary>Certificates and passwords.</summary>
    public string Folder { get; }

    /// <summary>MQTT over TLS, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>WebSockets over TLS, on 127.0.0.1.</summary>
    public int WebSocketPort { get; }

    /// <summary>Starts one with accounts for <c>node7</c>, <c>node8</c> and <c>dashboard</c>.</summary>
    /// <param name="serverDays">Days the broker's certificate is valid; below 0 it has expired.</param>
    /// <param name="asksForCertificate">Whether clients show a certificate instead of a password.</param>
    /// <param name="moreAccess">A line more for the account <c>dashboard</c> in the access list.</param>
    public static async Task<ProductionBroker> StartAsync(int serverDays = 10, bool asksForCertificate = false, string moreAccess = "")
    {
        var folder = Directory.CreateTempSubdirectory("production-").FullName;
        await CertifyAsync(folder, serverDays, "localhost,127.0.0.1", "node7", "node8");
        // It ends with that account's lines.
        var access = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "mosquitto", "acl.conf"));
        await File.WriteAllTextAsync(Path.Combine(folder, "acl.conf"), $"{access}{moreAccess}\n");
        var (port, webSocketPort) = (Ports.Free(), Ports.Free());
        var asks = asksForCertificate ? "true" : "false";
        List<string> lines =
        [
            .. (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "mosquitto", "production.conf"))).Select(line =>
                line.Replace("/etc/mosquitto/facelandmark", folder, StringComparison.Ordinal)
                    .Replace("/var/lib/mosquitto/", folder + "/", StringComparison.Ordinal)
                    .Replace("listener 8883", $"listener {port} 127.0.0.1", StringComparison.Ordinal)
                    .Replace("listener 8884", $"listener {webSocketPort} 127.0.0.1", StringComparison.Ordinal)
                    .Replace("require_certificate false", $"require_certificate {asks}", StringComparison.Ordinal)
                    .Replace("use_identity_as_username false", $"use_identity_as_username {asks}", StringComparison.Ordinal)
            ),
            "log_type information",
        ];
        return new ProductionBroker(await MosquittoBroker.StartAsync(port, lines), lines, folder, port, webSocketPort);
    }

    /// <summary>Revokes an account's certificate as the configuration says, and starts the broker again.</summary>
    public async Task RevokeAsync(string account)
    {
        string script = Path.Combine(Repository.Root, "mosquitto", "certificates.sh");
        await RunningProgram.OutputOfAsync("bash", script, "--revoke", Folder, account);
        await _broker.DisposeAsync();
        var lines = _lines.Select(line => line.Replace("#crlfile ", "crlfile ", StringComparison.Ordinal));
        _broker = await MosquittoBroker.StartAsync(Port, lines);
    }

    /// <summary>Runs <c>mosquitto/certificates.sh</c>.</summary>
    public static async Task CertifyAsync(string folder, int serverDays, params string[] arguments)
    {
        string[] all = [Path.Combine(Repository.Root, "mosquitto", "certificates.sh"), folder, .. arguments];
        await using var script = RunningProgram.Start("bash", all, null, ("DAYS", $"{serverDays}"));
        await script.OutputAsync();
    }

    /// <summary>A file of <see cref="Folder"/>.</summary>
    public string Of(string file) => Path.Combine(Folder, file);

    /// <summary>Password of an account.</summary>
    public string PasswordOf(string account) => File.ReadAllText(Of(account + ".password")).Trim();

    /// <inheritdoc cref="MosquittoBroker.Reload"/>
    public void Reload() => _broker.Reload();

    /// <summary>Arguments of mosquitto_pub and mosquitto_sub to come in as an account.</summary>
    public string[] As(string account) =>
        ["-V", "mqttv5", "-h", "localhost", "-p", $"{Port}", "--cafile", Of("ca.crt"), "-u", account, "-P", PasswordOf(account)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
