using System.Net;
using System.Net.WebSockets;
using FaceLandmark.Tests.Browser;

namespace FaceLandmark.Tests.Web;

/// <summary>Whom the page and its way to the broker let in.</summary>
[Collection(Alone.Name)]
public sealed class BridgeGuardTests(ChromiumBrowser browser, PageNode node) : IClassFixture<PageNode>
{
    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task Only_the_page_itself_may_connect(string? origin, HttpStatusCode expected)
    {
        // A refusal for another reason just before must not keep this one out of the log.
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "health") { Headers = { Host = "evil.example" } };
        using var answer = await node.Http.SendAsync(foreign, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);

        using var socket = Socket(origin);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Bridge, TestContext.Current.CancellationToken));
        Assert.Equal(expected, socket.HttpStatusCode);
        await node.SaysAsync("comes from another page");
    }

    [Fact]
    public async Task Its_own_page_connects()
    {
        using var socket = Socket(node.Address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(Bridge, TestContext.Current.CancellationToken);
        Assert.Equal("mqtt", socket.SubProtocol);
    }

    [Fact]
    public async Task A_foreign_page_in_a_browser_of_this_machine_gets_nothing()
    {
        await using var page = await browser.NewPageAsync();
        await page.Page.RouteAsync(
            "http://evil.example/",
            route => route.FulfillAsync(new Microsoft.Playwright.RouteFulfillOptions { ContentType = "text/html", Body = "<p>evil" })
        );
        await page.Page.GotoAsync("http://evil.example/");
        var got = await page.Page.EvaluateAsync<string[]>(
            $$"""
            async () => [
                await new Promise(done => {
                    const socket = new WebSocket('{{Bridge}}', 'mqtt');
                    socket.onopen = () => done('open');
                    socket.onerror = () => done('refused');
                }),
                await fetch('{{node.Address}}health').then(answer => answer.text(), () => 'refused'),
            ]
            """
        );
        Assert.Equal(["refused", "refused"], got);
    }

    [Theory]
    [InlineData("", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("mqtt", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("health", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("health", null, HttpStatusCode.OK)]
    [InlineData("metrics", null, HttpStatusCode.OK)]
    [InlineData("mqtt", null, HttpStatusCode.UpgradeRequired)]
    [InlineData("../appsettings.json", null, HttpStatusCode.NotFound)]
    [InlineData("%2e%2e/appsettings.json", null, HttpStatusCode.NotFound)]
    [InlineData("nothing", null, HttpStatusCode.NotFound)]
    public async Task Requests_get_what_they_may(string path, string? host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("unsafe", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_have_tags_and_nothing_can_be_sent()
    {
        using var first = await node.Http.GetAsync(new Uri("app.js", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", first.Content.Headers.ContentType!.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "app.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await node.Http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var sent = await node.Http.PostAsync(new Uri("health", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, sent.StatusCode);
    }

    private Uri Bridge => new UriBuilder(node.Address) { Scheme = "ws", Path = "mqtt" }.Uri;

    private static ClientWebSocket Socket(string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        return socket;
    }
}
