using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ChromiumBrowser))]

namespace FaceLandmark.Tests.Browser;

/// <summary>Debian's Chromium without a window: one for all tests, started by the first that needs it.</summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    // It draws on the processor without an imitated graphics card, and must not look for its maker's hosts: many machines that test reach
    // none of them.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-software-rasterizer",
        "--in-process-gpu",
        "--disable-extensions",
        "--mute-audio",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly SemaphoreSlim _turn = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>
    /// An empty page that shares nothing with others; scripts' errors and failed requests end up in <see cref="BrowserPage.Faults"/>.
    /// </summary>
    public async Task<BrowserPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.ReducedMotion = ReducedMotion.Reduce; // fewer pictures to draw
        var context = await (await StartedAsync()).NewContextAsync(options);
        context.SetDefaultTimeout(Patience.Milliseconds);
        return new(await context.NewPageAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _turn.Dispose();
    }

    private async Task<IBrowser> StartedAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_browser is not null)
                return _browser;
            _playwright = await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout(Patience.Milliseconds);
            return _browser = await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions
                {
                    ExecutablePath = "/usr/bin/chromium",
                    Args = s_arguments,
                    Timeout = Patience.Milliseconds,
                }
            );
        }
        finally
        {
            _turn.Release();
        }
    }
}
