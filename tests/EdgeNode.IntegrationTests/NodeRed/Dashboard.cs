using System.Text.Json;
using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>
/// A node with two cameras and an imitated DRP-AI, a mosquitto and a Node-RED with the dashboard, for all tests of the dashboard, which run
/// one at a time. The cameras are slow, so that the page gets the processor too.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Dashboard(ChromiumBrowser browser) : IAsyncLifetime, ICollectionFixture<Dashboard>
{
    public const string Name = "node-red";
    internal const string Base = "facelandmark/node7";

    private readonly string _models = Directory.CreateTempSubdirectory("models-").FullName;
    private MosquittoBroker _broker = null!;
    private RunningProgram _node = null!;
    private NodeRedProcess _nodeRed = null!;

    internal int BrokerPort => _broker.Port;

    internal NodeRedProcess NodeRed => _nodeRed;

    public async ValueTask InitializeAsync()
    {
        PrepareModels();
        _broker = await MosquittoBroker.StartAsync();
        _node = NodeProcess.Start(
            "--Node:Name=node7",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={_broker.Port}",
            "--Mqtt:ReconnectAfter=200ms",
            "--Mqtt:ReconnectAfterAtMost=1s",
            "--Cameras:0:Name=door",
            "--Cameras:0:Source=demo",
            "--Cameras:0:Fps=5",
            "--Cameras:1:Name=hall",
            "--Cameras:1:Source=demo",
            "--Cameras:1:Fps=2",
            "--Engines:DrpAi:Device=emulated",
            "--Engines:Onnx:Threads=1",
            $"--Models:Folder={_models}",
            "--Preview:Enabled=true",
            "--Preview:Overlay=false",
            "--Commands:Allow=camera,health,mode,model,preview"
        );
        _nodeRed = await NodeRedProcess.StartAsync(("FACELANDMARK_PORT", $"{_broker.Port}"), ("FACELANDMARK_CAMERA", "door"));
    }

    public async ValueTask DisposeAsync()
    {
        await _nodeRed.DisposeAsync();
        await _node.DisposeAsync();
        await _broker.DisposeAsync();
        Directory.Delete(_models, recursive: true);
    }

    /// <summary>Opens the dashboard and waits for its first picture.</summary>
    internal async Task<BrowserPage> OpenAsync(int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light, float pixels = 1)
    {
        var page = await VisitAsync(
            _nodeRed,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = scheme,
                DeviceScaleFactor = pixels,
            }
        );
        await page.Page.Locator(".fl-points[data-seq]").WaitForAsync();
        return page;
    }

    /// <summary>Opens the dashboard of any Node-RED.</summary>
    internal async Task<BrowserPage> VisitAsync(NodeRedProcess nodeRed, BrowserNewContextOptions? options = null)
    {
        var page = await browser.NewPageAsync(options);
        await page.Page.GotoAsync(nodeRed.Dashboard);
        return page;
    }

    /// <summary>Kills the broker, lets the caller look, and starts another in its place.</summary>
    internal async Task ReplaceBrokerAsync(Func<Task> meanwhile)
    {
        var port = _broker.Port;
        await _broker.DisposeAsync();
        await meanwhile();
        _broker = await MosquittoBroker.StartAsync(port);
    }

    // The repository's models, and one whose weights are not those of its card.
    private void PrepareModels()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "models"), "deeppose-resnet18*"))
            File.CreateSymbolicLink(Path.Combine(_models, Path.GetFileName(file)), file);
        var damaged = new
        {
            name = "damaged",
            file = "deeppose-resnet18.onnx",
            sha256 = new string('0', 64),
        };
        File.WriteAllText(Path.Combine(_models, "damaged.json"), JsonSerializer.Serialize(damaged));
    }
}
