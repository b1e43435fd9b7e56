namespace FaceLandmark.Tests.Browser;

[Collection(Alone.Name)]
public sealed class ChromiumTests(ChromiumBrowser browser)
{
    [Fact]
    public async Task A_page_runs_scripts_and_their_faults_are_seen()
    {
        await using var page = await browser.NewPageAsync();
        await page.Page.SetContentAsync(
            "<p></p><script>document.querySelector('p').textContent = 6 * 7; throw new Error('broken')</script>"
        );
        Assert.Equal("42", await page.Page.Locator("p").TextContentAsync());
        Assert.Contains("broken", Assert.Single(page.Faults), StringComparison.Ordinal);
    }
}
