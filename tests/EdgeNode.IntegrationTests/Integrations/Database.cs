using System.Text.Json.Nodes;

namespace FaceLandmark.Tests.Integrations;

/// <summary>A real database server of Debian's, unpacked by <c>./test.sh</c>, with its data in a folder of the caller's.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly RunningProgram _program;

    private Database(RunningProgram program, int port)
    {
        _program = program;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Prometheus with a configuration.</summary>
    public static async Task<Database> StartPrometheusAsync(string configuration, string folder)
    {
        var port = Ports.Free();
        var database = new Database(
            RunningProgram.Start(
                Program("prometheus"),
                [$"--config.file={configuration}", $"--web.listen-address=127.0.0.1:{port}", $"--storage.tsdb.path={folder}"],
                folder
            ),
            port
        );
        await database._program.SaysAsync("Server is ready to receive web requests");
        return database;
    }

    /// <summary>InfluxDB 1 with an empty database.</summary>
    public static async Task<Database> StartInfluxAsync(string name, string folder)
    {
        var (port, other) = (Ports.Free(), Ports.Free());
        var database = new Database(
            RunningProgram.Start(
                Program("influxd"),
                ["run"],
                folder,
                ("INFLUXDB_REPORTING_DISABLED", "true"),
                ("INFLUXDB_HTTP_BIND_ADDRESS", $"127.0.0.1:{port}"),
                ("INFLUXDB_BIND_ADDRESS", $"127.0.0.1:{other}"),
                ("INFLUXDB_META_DIR", folder + "/meta"),
                ("INFLUXDB_DATA_DIR", folder + "/data"),
                ("INFLUXDB_DATA_WAL_DIR", folder + "/wal")
            ),
            port
        );
        await database._program.SaysAsync("Listening on HTTP");
        await database.PostAsync("/query?q=CREATE+DATABASE+" + name, "");
        return database;
    }

    /// <summary>Posts a text; a refusal is the test's failure.</summary>
    public async Task PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>
    /// Asks until the answer is a success and will do, for a database does not tell when it has more; JSON, or null where it is empty.
    /// </summary>
    public async Task<JsonNode?> UntilAsync(string path, Func<JsonNode?, bool> willDo)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = Patience.NewLimit();
        while (true)
        {
            using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            var answer = text.StartsWith('{') ? JsonNode.Parse(text) : null;
            if (response.IsSuccessStatusCode && willDo(answer))
                return answer;
            Assert.NotEqual(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
            await beat.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _http.Dispose();
    }

    private static string Program(string name) => Path.Combine(Repository.Root, "build", "integrations", "usr", "bin", name);
}
