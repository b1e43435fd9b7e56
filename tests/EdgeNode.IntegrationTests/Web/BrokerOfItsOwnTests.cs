using FaceLandmark.Tests.Browser;

namespace FaceLandmark.Tests.Web;

/// <summary>The live page of nodes that use a real mosquitto.</summary>
[Collection(Alone.Name)]
public sealed class BrokerOfItsOwnTests(ChromiumBrowser browser)
{
    [Fact]
    public async Task A_broker_that_restarts_is_named_and_the_page_heals_by_itself()
    {
        var broker = await MosquittoBroker.StartAsync();
        await using var node = new External([$"--Mqtt:Port={broker.Port}", "--Mqtt:Host=127.0.0.1", "--Mqtt:LandmarksFormat=cbor"]);
        await node.InitializeAsync();
        await using var page = await node.OpenAliveAsync(browser, 1440, 900);

        await broker.DisposeAsync();
        await page.ReadsAsync("#state", "No connection");
        await page.ReadsAsync("#trouble", $"Nothing listens on 127.0.0.1:{broker.Port}: start the broker");
        await page.PictureAsync("live-page-no-broker");

        await using var next = await MosquittoBroker.StartAsync(broker.Port);
        await page.ReadsAsync("#state", "Online");
        await page.AliveAsync();
        Assert.False(await page.Page.Locator("#trouble").IsVisibleAsync());
    }

    [Fact]
    public async Task A_comparison_without_faces_has_no_distances()
    {
        await using var broker = await MosquittoBroker.StartAsync(); // the node's own would let nobody else publish this
        await using var node = new External([$"--Mqtt:Port={broker.Port}", "--Mqtt:Host=127.0.0.1"]);
        await node.InitializeAsync();
        await using var page = await node.OpenAliveAsync(browser);
        const string Engine = """{"engine":"onnx","device":{"name":"CPU","emulated":false}}""";
        const string Message = $$"""{ "engines": [{{Engine}}, {{Engine}}], "faces": [], "window": { "faces": 0 } }""";
        await MosquittoClients.PublishAsync("-p", $"{broker.Port}", "-t", "facelandmark/page/compare", "-m", Message);
        await page.ReadsAsync("#compare-figures", "0 faces");
        await page.ReadsAsync("#compare-figures", "Mean distance–");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_node_that_dies_is_told_and_another_one_can_be_chosen()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var server = new External([$"--Mqtt:Port={broker.Port}", "--Mqtt:Host=127.0.0.1"]);
        await server.InitializeAsync();
        var other = new External([$"--Mqtt:Port={broker.Port}", "--Mqtt:Host=127.0.0.1", "--Node:Name=other"]);
        await other.InitializeAsync();
        await using var page = await server.OpenAliveAsync(browser);
        await page.Page.Locator("#node").SelectOptionAsync("other");
        await page.AliveAsync();
        await other.DisposeAsync(); // killed
        await page.ReadsAsync("#trouble", "Node other has lost its connection to the broker, or has ended unexpectedly.");
        await page.ReadsAsync("#state", "Offline");
        await page.Page.Locator("#node").SelectOptionAsync("page");
        await page.AliveAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_broker_with_accounts_is_logged_in_to_over_TLS_and_its_rights_hold()
    {
        await using var broker = await ProductionBroker.StartAsync();
        await using var node = new External([
            "--Mqtt:Host=localhost",
            $"--Mqtt:Port={broker.Port}",
            "--Mqtt:Tls:Enabled=true",
            $"--Mqtt:Tls:CaFile={broker.Of("ca.crt")}",
            "--Node:Name=node7",
            "--Mqtt:User=node7",
            $"--Mqtt:PasswordFile={broker.Of("node7.password")}",
            "--Mqtt:Version=v311",
        ]);
        await node.InitializeAsync();
        await using var page = await node.OpenAsync(browser, 1440, 900, Microsoft.Playwright.ColorScheme.Light);
        await page.ReadsAsync("#login-why", "It requires an account.");
        await page.PictureAsync("live-page-login");
        await LogInAsync("dashboard", "wrong");
        await page.ReadsAsync("#login-why", "It refuses the user 'dashboard' with this password.");
        await LogInAsync("dashboard", broker.PasswordOf("dashboard"));
        await page.AliveAsync();
        await page.Page.Locator("#rate").FillAsync("9");
        await page.ReadsAsync("#answer", "9 pictures a second.");

        await using var foreigner = await node.OpenAsync(browser);
        await foreigner.Page.Locator("#user").FillAsync("node8"); // another node's account sees nothing of this one
        await foreigner.Page.Locator("#password").FillAsync(broker.PasswordOf("node8"));
        await foreigner.Page.Locator("#login button").ClickAsync();
        await foreigner.ReadsAsync("#state", "Waiting");
        Assert.Empty(page.Faults);

        async Task LogInAsync(string user, string password)
        {
            await page.Page.Locator("#user").FillAsync(user);
            await page.Page.Locator("#password").FillAsync(password);
            await page.Page.Locator("#login button").ClickAsync();
        }
    }

    private sealed class External(string[] arguments) : PageNode
    {
        protected override string[] Arguments =>
            ["--Preview:Enabled=true", "--Commands:Allow=preview,camera,mode,model,snapshot", .. arguments];
    }
}
