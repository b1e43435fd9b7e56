using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.Web;

/// <summary>What is to be seen on the live page.</summary>
internal static class SeenPage
{
    // A picture, points over it that belong to it, and figures.
    private const string Alive = """
        () => {
            const [picture, points] = document.querySelectorAll('[data-camera=cam0] canvas');
            return picture && picture.dataset.seq && picture.dataset.seq === points.dataset.seq
                && points.getContext('2d').getImageData(0, 0, points.width, points.height).data.some(value => value !== 0)
                && !document.body.classList.contains('stale')
                && Number(document.getElementById('fps').textContent) > 0
                && Number(document.getElementById('memory').textContent) > 0
                && document.querySelectorAll('[data-camera=cam0] .faces tbody tr').length > 0
                && [...document.querySelectorAll('#times td')].every(cell => cell.textContent !== '' && cell.textContent !== '–');
        }
        """;

    /// <summary>Waits until picture, points and figures of cam0 are there.</summary>
    public static Task AliveAsync(this BrowserPage page) => page.ShowsAsync(Alive);

    /// <summary>Waits until an element has a text.</summary>
    public static Task ReadsAsync(this BrowserPage page, string selector, string text) =>
        Assertions.Expect(page.Page.Locator(selector)).ToContainTextAsync(text);

    /// <summary>Waits until a script gives true.</summary>
    public static Task ShowsAsync(this BrowserPage page, string script) =>
        page.Page.WaitForFunctionAsync(script, null, new PageWaitForFunctionOptions { PollingInterval = 100 });
}
