using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>The dashboard's own names for what is on its page.</summary>
internal static class DashboardPage
{
    /// <summary>A part of the page by the name that its template gives it.</summary>
    public static ILocator El(this BrowserPage page, string name) => page.Page.Locator($"[data-el='{name}']");

    /// <summary>Number of the frame that is shown.</summary>
    public static async Task<int> SeqAsync(this BrowserPage page) =>
        await page.Page.Locator(".fl-points").EvaluateAsync<int>("canvas => Number(canvas.dataset.seq)");
}
