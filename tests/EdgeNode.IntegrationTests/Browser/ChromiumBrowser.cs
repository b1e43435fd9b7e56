using Microsoft.Playwright;

namespace FaceLandmark.Tests.Browser;

/// <summary>Debian's Chromium without a window, one for all tests of a class.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    // It must not look for its maker's hosts: many machines that test reach none of them.
    private static readonly string[] s_quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = s_quiet });
    }

    /// <summary>An empty page that shares nothing with others; scripts' errors and failed requests end up in <see cref="BrowserPage.Faults"/>.</summary>
    public async Task<BrowserPage> NewPageAsync(BrowserNewContextOptions? options = null) =>
        new(await (await _browser!.NewContextAsync(options)).NewPageAsync());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
