using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.Web;

/// <summary>The live page of a node that is alone: cam0 shows the demo, and the pictures of 'album' are soon over.</summary>
[Collection(Alone.Name)]
public sealed class LivePageTests(ChromiumBrowser browser, LivePageTests.AloneNode node) : IClassFixture<LivePageTests.AloneNode>
{
    private const string Base = "facelandmark/page";
    private const string Camera = "[data-camera=cam0] ";

    [Fact]
    public async Task It_shows_pictures_points_and_figures()
    {
        await using var page = await node.OpenAliveAsync(browser, 1440, 900);
        await page.ReadsAsync("#state", "Online");
        await page.ReadsAsync(Camera + ".meta", "640×480");
        await page.ReadsAsync("#events", "appeared");
        await page.PictureAsync("live-page-dark");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task It_fits_a_phone()
    {
        await using var page = await node.OpenAliveAsync(browser, 360, 740, ColorScheme.Light);
        Assert.Equal(360, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.PictureAsync("live-page-phone");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_choice_of_mode_acts()
    {
        await using var page = await node.OpenAliveAsync(browser, 1440, 900, ColorScheme.Light);
        await using var info = await Subscriber.StartAsync(node.BrokerPort, Base + "/info");
        await using var results = await Subscriber.StartAsync(node.BrokerPort, Base + "/cameras/cam0/landmarks");
        await page.Page.Locator("#mode-compare").ClickAsync();
        await info.UntilAsync(message => (string)JsonNode.Parse(message.Payload)!["dispatch"]!["mode"]! == "compare");
        await results.UntilAsync(message => message.Text.Contains("\"engine\":\"drpai\"", StringComparison.Ordinal));
        await page.ReadsAsync("#answer", "Engines: Compare.");
        await page.ReadsAsync("#compare-figures", "Mean distance");
        await page.ReadsAsync(Camera + ".meta", "CPU and DRP-AI (emulated)");
        await page.PictureAsync("live-page-light");

        await page.Page.Locator("#mode-cpu").ClickAsync();
        await info.UntilAsync(message => (string)JsonNode.Parse(message.Payload)!["dispatch"]!["mode"]! == "cpu");
        await Assertions.Expect(page.Page.Locator("#mode-cpu")).ToBeCheckedAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_choice_of_model_acts()
    {
        await using var page = await node.OpenAliveAsync(browser);
        await using var info = await Subscriber.StartAsync(node.BrokerPort, Base + "/info");
        var before = await page.Page.Locator("#model").InputValueAsync();
        var other = (await page.Page.Locator("#model option").AllTextContentsAsync()).First(name => name != before);
        foreach (var model in new[] { other, before })
        {
            await page.Page.Locator("#model").SelectOptionAsync(model);
            await info.UntilAsync(message => (string)JsonNode.Parse(message.Payload)!["engines"]![0]!["model"]!["name"]! == model);
            await page.ReadsAsync("#answer", $"The model is now {model}.");
            await page.ReadsAsync(Camera + ".meta", model + " on");
        }
    }

    [Fact]
    public async Task A_camera_is_stopped_and_started()
    {
        await using var page = await node.OpenAliveAsync(browser);
        await using var states = await Subscriber.StartAsync(node.BrokerPort, Base + "/cameras/cam0/state");
        await page.Page.Locator(Camera + "button:text('Stop')").ClickAsync();
        await states.UntilAsync(message => message.Text.Contains("\"stopped\"", StringComparison.Ordinal));
        await page.ReadsAsync(Camera + ".pill", "is stopped");
        await page.ReadsAsync(Camera + ".veil", "The camera is stopped.");
        await page.Page.Locator(Camera + "button:text('Start')").ClickAsync();
        await states.UntilAsync(message => message.Text.Contains("\"streaming\"", StringComparison.Ordinal));
        await page.AliveAsync();
        await Assertions.Expect(page.Page.Locator(Camera + ".veil")).ToBeHiddenAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Another_node_is_shown_without_what_the_one_before_left()
    {
        await using var page = await node.OpenAliveAsync(browser);
        await page.ShowsAsync("() => [...document.querySelectorAll('#trends .line')].every(line => line.getAttribute('d'))");
        await TellAsync("status", "online");
        await TellAsync("cameras/gate/state", """{ "camera": "gate", "state": "ended", "live": true, "since": "2026-01-01T00:00:00Z" }""");
        await page.Page.Locator("#node").SelectOptionAsync("other");
        await page.ShowsAsync(
            """
            () => [...document.querySelectorAll('#trends path')].every(path => !path.hasAttribute('d'))
                && [...document.querySelectorAll('#trends b, #times td')].every(cell => cell.textContent === '–')
            """
        );

        // A stream that has ended is being opened again, so it can be stopped and not started.
        await page.ReadsAsync("[data-camera=gate] .pill", "has ended and is being reopened");
        await page.ReadsAsync("[data-camera=gate] .tools", "Stop");
        await TellAsync("cameras/gate/state", """{ "camera": "gate", "state": "ended", "live": false, "since": "2026-01-01T00:00:00Z" }""");
        await page.ReadsAsync("[data-camera=gate] .pill", "has ended");
        await page.ReadsAsync("[data-camera=gate] .tools", "Start");
        Assert.Empty(page.Faults);
        await TellAsync("status", "");
        await TellAsync("cameras/gate/state", "");

        Task TellAsync(string topic, string text) =>
            MosquittoClients.PublishAsync([
                "-p",
                $"{node.BrokerPort}",
                "-q",
                "1",
                "-r",
                "-t",
                "facelandmark/other/" + topic,
                .. text.Length > 0 ? (string[])["-m", text] : ["-n"],
            ]);
    }

    [Fact]
    public async Task Without_pictures_the_points_are_drawn_as_they_come()
    {
        await using var page = await node.OpenAliveAsync(browser);
        await using var answers = await Subscriber.StartAsync(node.BrokerPort, Base + "/response/preview");
        await page.Page.Locator("#preview").ClickAsync();
        await answers.UntilAsync(message => message.Text.Contains("\"enabled\":false", StringComparison.Ordinal));
        await page.ShowsAsync(
            """
            () => {
                const [picture, points] = document.querySelectorAll('[data-camera=cam0] canvas');
                const last = window.lastPoints;
                window.lastPoints = points.dataset.seq;
                return picture.dataset.seq === '' && last && Number(points.dataset.seq) > Number(last);
            }
            """
        );
        await page.Page.Locator("#preview").ClickAsync();
        await page.AliveAsync();

        await page.Page.Locator("#rate").FillAsync("12");
        await answers.UntilAsync(message => message.Text.Contains("\"rate\":12", StringComparison.Ordinal));
        await page.ReadsAsync("#answer", "12 pictures a second.");
        await page.Page.Locator("#rate").FillAsync("5");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Points_that_the_node_draws_are_not_drawn_twice()
    {
        await using var page = await node.OpenAliveAsync(browser);
        await page.Page.Locator("#overlay").ClickAsync();
        await page.ShowsAsync(
            """
            () => {
                const [picture, points] = document.querySelectorAll('[data-camera=cam0] canvas');
                const { data } = points.getContext('2d').getImageData(0, 0, points.width, points.height);
                return picture.dataset.seq !== '' && data.every(value => value === 0);
            }
            """
        );
        await page.Page.Locator("#overlay").ClickAsync();
        await page.AliveAsync();
    }

    [Fact]
    public async Task A_refusal_is_shown_in_the_nodes_own_words()
    {
        await using var page = await node.OpenAliveAsync(browser);
        await page.ReadsAsync("[data-camera=album] .pill", "has ended");
        await page.Page.Locator("[data-camera=album] button:text('Start')").ClickAsync();
        await page.ReadsAsync("#answer", "The source of camera 'album' has ended: restart the node to play it again.");
    }

    [Fact]
    public async Task A_picture_is_saved()
    {
        await using var page = await node.OpenAliveAsync(browser);
        var saved = await page.Page.RunAndWaitForDownloadAsync(async () =>
        {
            await page.Page.Locator(Camera + "button:text('Save picture')").ClickAsync();
            await page.ReadsAsync("#answer", "is saved"); // or this says why not
        });
        Assert.Matches(@"^cam0-\d+\.jpg$", saved.SuggestedFilename);
        var start = new byte[3];
        await (await saved.CreateReadStreamAsync()).ReadExactlyAsync(start, TestContext.Current.CancellationToken);
        Assert.Equal([0xff, 0xd8, 0xff], start);
    }

    [Fact]
    public async Task Ten_viewers_see_it_at_once()
    {
        // One page that draws; the other nine ask for the same and look at what they get.
        await using var page = await node.OpenAsync(browser, 640, 480);
        var viewers = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => PageViewer.StartAsync(node.Address)));
        foreach (var viewer in viewers)
            await viewer.AliveAsync(Base, "cam0");
        await page.AliveAsync();
        Assert.Empty(page.Faults);
        foreach (var viewer in viewers)
            await viewer.DisposeAsync();
    }

    /// <summary>The node.</summary>
    public sealed class AloneNode : PageNode
    {
        /// <inheritdoc/>
        protected override string[] Arguments =>
            [
                .. base.Arguments,
                "--Cameras:0:Name=cam0",
                "--Cameras:0:Source=demo",
                "--Cameras:1:Name=album",
                $"--Cameras:1:Source={Path.Combine(AppContext.BaseDirectory, "assets", "demo")}",
            ];
    }
}
