using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>
/// The module of <c>node-red/module</c>, packed as a file, installed without a network into a Node-RED that has nothing else of ours, and
/// its example fed by a node.
/// </summary>
[Collection(Dashboard.Name)]
public sealed class ModuleTests(Dashboard dashboard) : IAsyncLifetime
{
    private const string Module = "node-red-contrib-facelandmark";
    private static readonly string s_nodeRed = Path.Combine(Repository.Root, "node-red");
    private static readonly string s_module = Path.Combine(s_nodeRed, "module");
    private static readonly string s_manifest = Path.Combine(s_module, "package.json");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("node-red-module-");
    private HttpClient _http = null!;
    private RunningProgram _nodeRed = null!;

    public async ValueTask InitializeAsync()
    {
        string[] pack = ["pack", "--silent", "--pack-destination", _folder.FullName, s_module];
        var packed = (await RunningProgram.OutputOfAsync("npm", pack)).Trim();
        var user = _folder.CreateSubdirectory("user").FullName;
        await RunningProgram.OutputOfAsync(
            "npm",
            ["install", "--offline", "--no-audit", "--no-fund", "--prefix", user, Path.Combine(_folder.FullName, packed)]
        );
        var port = Ports.Free();
        var settings = Path.Combine(user, "settings.js");
        await File.WriteAllTextAsync(
            settings,
            $$"""
            module.exports = {
                uiHost: "127.0.0.1", uiPort: {{port}}, flowFile: "flows.json",
                telemetry: { enabled: false, updateNotification: false }, editorTheme: { tours: false },
            };
            """
        );
        _nodeRed = RunningProgram.Start(
            "node",
            [Path.Combine(s_nodeRed, "node_modules", "node-red", "red.js"), "--settings", settings, "--userDir", user],
            user
        );
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await _nodeRed.SaysAsync("Started flows");
    }

    public async ValueTask DisposeAsync()
    {
        await _nodeRed.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_fresh_Node_RED_has_both_nodes_with_help_and_an_example_that_receives_landmarks()
    {
        var package = JsonNode.Parse(await File.ReadAllTextAsync(s_manifest, TestContext.Current.CancellationToken))!;
        var sets = JsonNode
            .Parse(await GetAsync("nodes", "application/json"))!
            .AsArray()
            .Where(set => (string)set!["module"]! == Module)
            .ToList();
        Assert.Equal(
            ["facelandmark-decode", "facelandmark-overlay"],
            sets.SelectMany(set => set!["types"]!.AsArray()).Select(type => (string)type!).Order(StringComparer.Ordinal)
        );
        Assert.All(sets, set => Assert.True((bool)set!["enabled"]! && set["err"] is null, set.ToJsonString()));
        Assert.All(sets, set => Assert.Equal((string)package["version"]!, (string)set!["version"]!));
        var palette = await GetAsync("nodes", "text/html");
        foreach (var type in (string[])["facelandmark-decode", "facelandmark-overlay"])
        {
            Assert.Contains($"data-template-name=\"{type}\"", palette, StringComparison.Ordinal);
            Assert.Contains($"data-help-name=\"{type}\"", palette, StringComparison.Ordinal);
        }

        var example = Assert.Single(Directory.GetFiles(Path.Combine(s_module, "examples")));
        var name = Path.GetFileNameWithoutExtension(example);
        Assert.Contains($"\"{name}\"", await GetAsync($"library/examples/flows/{Module}/", "application/json"), StringComparison.Ordinal);
        var flow = JsonNode.Parse(await GetAsync($"library/examples/flows/{Module}/{Uri.EscapeDataString(name)}", "application/json"))!;
        var broker = flow.AsArray().Single(part => (string)part!["type"]! == "mqtt-broker")!;
        Assert.Equal(("127.0.0.1", "1883"), ((string)broker["broker"]!, (string)broker["port"]!));
        broker["port"] = $"{dashboard.BrokerPort}";
        using (var content = new StringContent(flow.ToJsonString(), Encoding.UTF8, "application/json"))
        using (var answer = await _http.PostAsync(new Uri("flows", UriKind.Relative), content, TestContext.Current.CancellationToken))
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var frame = JsonNode.Parse(await UntilAsync("facelandmark/faces", text => text.Contains("\"leftEye\"", StringComparison.Ordinal)))!;
        Assert.Equal("node7", (string)frame["node"]!);
        var face = frame["faces"]![0]!;
        Assert.Equal(98, face["points"]!.AsArray().Count);
        Assert.Equal(face["points"]![60]!.ToJsonString(), face["parts"]!["leftEye"]![0]!.ToJsonString());
        var svg = XDocument.Parse(await UntilAsync("facelandmark/points.svg", text => text.Contains("<circle", StringComparison.Ordinal)));
        XNamespace drawing = "http://www.w3.org/2000/svg";
        Assert.Equal(0, svg.Descendants(drawing + "circle").Count() % 98);
        Assert.DoesNotContain("[error]", _nodeRed.Log, StringComparison.Ordinal);
    }

    private async Task<string> GetAsync(string path, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", type } } };
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}: {text}");
        return text;
    }

    // Pages do not tell when there is something new on them.
    private async Task<string> UntilAsync(string path, Func<string, bool> willDo)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = Patience.NewLimit();
        while (true)
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            if (answer.IsSuccessStatusCode && willDo(text))
                return text;
            await beat.WaitForNextTickAsync(limit.Token);
        }
    }
}
