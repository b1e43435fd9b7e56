using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.Web;

/// <summary>The program with its live page, as it is started.</summary>
public class PageNode : IAsyncLifetime
{
    private RunningProgram? _node;

    /// <summary>The page's address.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}/");

    /// <summary>Where the broker listens on 127.0.0.1.</summary>
    public int BrokerPort { get; protected init; } = Ports.Free();

    /// <summary>A client for the page's address.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>Arguments besides the page's port.</summary>
    protected virtual string[] Arguments => [$"--Mqtt:Port={BrokerPort}", "--Engines:DrpAi:Device=emulated"];

    /// <summary>Frames that the camera makes in a second: few, so that the page gets the processor too.</summary>
    protected virtual int FramesPerSecond => 6;

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        Http.BaseAddress = Address;
        _node = NodeProcess.Start([
            $"--Web:Port={Address.Port}",
            "--Node:Name=page",
            "--Locate:MaxFaces=4",
            "--Engines:Onnx:Threads=1",
            $"--Cameras:0:Fps={FramesPerSecond}",
            .. Arguments,
        ]);
        await SaysAsync("The live page: ");
    }

    /// <summary>Waits until the program has said this on standard error.</summary>
    internal Task SaysAsync(string words) => _node!.SaysAsync(words);

    /// <summary>The page in a browser, before it shows anything.</summary>
    internal async Task<BrowserPage> OpenAsync(
        ChromiumBrowser browser,
        int width = 1024,
        int height = 720,
        ColorScheme scheme = ColorScheme.Dark
    )
    {
        var size = new ViewportSize { Width = width, Height = height };
        var page = await browser.NewPageAsync(new BrowserNewContextOptions { ViewportSize = size, ColorScheme = scheme });
        await page.Page.GotoAsync(Address.AbsoluteUri);
        return page;
    }

    /// <summary>The page, once it shows a picture of cam0 with points.</summary>
    internal async Task<BrowserPage> OpenAliveAsync(
        ChromiumBrowser browser,
        int width = 1024,
        int height = 720,
        ColorScheme scheme = ColorScheme.Dark
    )
    {
        var page = await OpenAsync(browser, width, height, scheme);
        await page.AliveAsync();
        return page;
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        Http.Dispose();
        GC.SuppressFinalize(this);
    }
}
