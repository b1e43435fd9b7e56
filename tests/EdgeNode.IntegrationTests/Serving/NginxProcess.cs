using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Serving;

/// <summary>A real nginx in front of workers, configured as <c>deploy/serving/nginx.conf</c> is.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private static readonly string[] s_kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    private static readonly string[] s_arguments =
    [
        "-e",
        "stderr",
        "-g",
        $"user {Environment.UserName}; daemon off; pid pid; error_log stderr notice;",
    ];
    private readonly RunningProgram _program;
    private readonly DirectoryInfo _folder;

    private NginxProcess(RunningProgram program, DirectoryInfo folder, int port) => (_program, _folder, Port) = (program, folder, port);

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="workers">Whom it asks.</param>
    /// <param name="patience">How long it waits for an answer; the shipped time is for nodes that wait no longer than a second.</param>
    public static async Task<NginxProcess> StartAsync(IEnumerable<Worker> workers, TimeSpan patience)
    {
        var port = Ports.Free();
        var folder = Directory.CreateTempSubdirectory("nginx-");
        var servers = string.Join(
            ' ',
            ((string[])["max_fails=1 fail_timeout=1s", "backup max_fails=0"]).SelectMany(kind =>
                workers.Select(worker => $"server 127.0.0.1:{worker.Port} {kind};")
            )
        );
        var folders = string.Join(' ', s_kinds.Select(kind => $"{kind}_temp_path {kind};"));
        var configuration = Repository.Read("deploy/serving/nginx.conf");
        foreach (
            var (pattern, replacement) in new[]
            {
                (@"upstream grpc \{[^}]*\}", $"upstream grpc {{ {servers} keepalive 16; }}"),
                (@"upstream rest \{[^}]*\}", "upstream rest { server 127.0.0.1:1; }"),
                ("access_log off;", $"access_log off; {folders}"),
                ("listen 8000;", $"listen unix:{folder.FullName}/rest;"),
                ("listen 8001 http2;", $"listen 127.0.0.1:{port} http2;"),
                ("grpc_connect_timeout [0-9]+ms;", $"grpc_connect_timeout {patience.TotalMilliseconds}ms;"),
                ("grpc_read_timeout [0-9]+ms;", $"grpc_read_timeout {patience.TotalMilliseconds}ms;"),
            }
        )
        {
            Assert.Single(Regex.Matches(configuration, pattern));
            configuration = Regex.Replace(configuration, pattern, replacement);
        }

        var path = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(path, configuration);
        var program = RunningProgram.Start("nginx", [.. s_arguments, "-p", folder.FullName, "-c", path]);
        await program.SaysAsync("start worker process");
        return new NginxProcess(program, folder, port);
    }

    /// <summary>What it said so far.</summary>
    public string Log => _program.Log;

    /// <summary>Waits until it says something.</summary>
    public Task SaysAsync(string words) => _program.SaysAsync(words);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
