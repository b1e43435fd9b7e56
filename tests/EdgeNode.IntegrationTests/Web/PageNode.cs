using FaceLandmark.Tests.Browser;
using FaceLandmark.Tests.Cli;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.Web;

/// <summary>The program with its live page, as it is started.</summary>
public class PageNode : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private NodeProcess? _node;

    /// <summary>The page's address.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");

    /// <summary>Where the broker listens on 127.0.0.1.</summary>
    public int BrokerPort { get; protected init; } = MosquittoBroker.FreePort();

    /// <summary>A client for the page's address.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>What the program wrote to standard error.</summary>
    internal string Log => _node!.Errors;

    /// <summary>Arguments besides the page's port.</summary>
    protected virtual string[] Arguments => [$"--Mqtt:Port={BrokerPort}", "--Engines:DrpAi:Device=emulated"];

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        Http.BaseAddress = Address;
        _node = NodeProcess.Start([$"--Web:Port={Address.Port}", "--Node:Name=page", "--Locate:MaxFaces=4", .. Arguments]);
        using var limit = new CancellationTokenSource(s_patience);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_node.Errors.Contains("The live page: ", StringComparison.Ordinal))
            await beat.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>The page in a browser, before it shows anything.</summary>
    internal async Task<BrowserPage> OpenAsync(ChromiumBrowser browser, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark)
    {
        var page = await browser.NewPageAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme });
        await page.Page.GotoAsync(Address.AbsoluteUri);
        return page;
    }

    /// <summary>The page, once it shows a picture of cam0 with points.</summary>
    internal async Task<BrowserPage> OpenAliveAsync(ChromiumBrowser browser, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark)
    {
        var page = await OpenAsync(browser, width, height, scheme);
        await page.AliveAsync();
        return page;
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        _node?.Dispose();
        Http.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
