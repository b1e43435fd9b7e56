using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>The dashboard in a real browser, with all that is behind it.</summary>
[Collection(Dashboard.Name)]
public sealed class DashboardTests(Dashboard dashboard)
{
    [Fact]
    public async Task All_panels_are_alive()
    {
        await using var page = await dashboard.OpenAsync();
        await Expect(page.El("pill-broker")).ToContainTextAsync("connected");
        await Expect(page.El("pill-node")).ToContainTextAsync("node7 online");
        await Expect(page.El("pill-door")).ToContainTextAsync("streaming");
        await Expect(page.El("pill-hall")).ToContainTextAsync("fps");
        await Expect(page.El("modes").Locator("[aria-checked=true]")).ToHaveCountAsync(1);
        await Expect(page.El("rate-text")).ToContainTextAsync("/ s");
        await Expect(page.El("model")).ToBeEnabledAsync();
        await Expect(page.El("stages").Locator("tbody tr")).ToHaveCountAsync(6);
        await page.El("events").Locator("li").First.WaitForAsync();
        await page.Page.Locator(".fl-face [data-el=yaw]").First.WaitForAsync();
        // The four charts have drawn: a line of their own colour on the canvas.
        await page.Page.WaitForFunctionAsync(
            """
            () => { const charts = [...document.querySelectorAll('.nrdb-ui-chart canvas')];
                return charts.length === 4 && charts.every(canvas => {
                    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                    let coloured = 0;
                    for (let i = 0; i < data.length; i += 4) {
                        const [red, green, blue, alpha] = data.subarray(i, i + 4);
                        if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 80) coloured++;
                    }
                    return coloured > 20; }); }
            """
        );
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Points_are_drawn_where_the_picture_shows_the_faces()
    {
        await using var page = await dashboard.OpenAsync();
        await using var landmarks = await Subscriber.StartAsync(dashboard.BrokerPort, Dashboard.Base + "/cameras/door/landmarks");
        await DrawnPicture.CompareAsync(page.Page, landmarks, payload => JsonNode.Parse(payload)!);
    }

    [Fact]
    public async Task The_node_draws_the_points_when_asked_to_and_the_page_then_does_not()
    {
        const string Ink =
            "() => { const c = document.querySelector('.fl-points'); "
            + "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value > 0); }";
        await using var page = await dashboard.OpenAsync();
        await page.El("drawn-node").ClickAsync();
        await Expect(page.El("drawn-node")).ToHaveAttributeAsync("aria-checked", "true");
        await page.Page.WaitForFunctionAsync(
            "() => document.querySelector('.fl-points').dataset.drawn === 'node' "
                + $"&& document.querySelector('.fl-points').dataset.faces > 0 && !({Ink})()"
        );
        await page.El("drawn-here").ClickAsync();
        await page.Page.WaitForFunctionAsync($"() => document.querySelector('.fl-points').dataset.drawn === 'here' && ({Ink})()");
    }

    [Fact]
    public async Task A_mode_acts_and_says_on_which_engines()
    {
        await using var page = await dashboard.OpenAsync();
        await using var infos = await Subscriber.StartAsync(dashboard.BrokerPort, Dashboard.Base + "/info");
        await infos.NextAsync(); // the retained one
        foreach (var mode in (string[])["compare", "balance", "failover", "drpai", "cpu"])
        {
            await page.El("mode-" + mode).ClickAsync();
            await infos.UntilAsync(message => (string)JsonNode.Parse(message.Payload)!["dispatch"]!["mode"]! == mode);
            await Expect(page.El("mode-" + mode)).ToHaveAttributeAsync("aria-checked", "true");
            await Expect(page.El("answer")).ToContainTextAsync($"Dispatch is {mode} now");
        }
    }

    [Fact]
    public async Task A_camera_stops_and_starts_and_a_page_opened_meanwhile_knows()
    {
        await using var page = await dashboard.OpenAsync();
        await using var states = await Subscriber.StartAsync(dashboard.BrokerPort, Dashboard.Base + "/cameras/door/state");
        await page.El("camera-stop").ClickAsync();
        await states.UntilAsync(message => message.Text.Contains("\"stopped\"", StringComparison.Ordinal));
        await Expect(page.El("trouble")).ToContainTextAsync("Camera door is stopped");
        await Expect(page.El("over")).ToContainTextAsync("Camera door is stopped");

        await using var late = await dashboard.OpenAsync();
        await Expect(late.El("over")).ToContainTextAsync("Camera door is stopped");
        await Expect(late.El("pill-node")).ToContainTextAsync("online");
        await Expect(late.El("stages").Locator("tbody tr")).ToHaveCountAsync(6);

        await late.El("camera-start").ClickAsync();
        await states.UntilAsync(message => message.Text.Contains("\"streaming\"", StringComparison.Ordinal));
        await Expect(page.El("over")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_preview_slows_down_stops_and_comes_back_and_without_it_there_are_still_points()
    {
        await using var page = await dashboard.OpenAsync();
        await using var answers = await Subscriber.StartAsync(dashboard.BrokerPort, Dashboard.Base + "/response/preview");
        await page.El("rate").FillAsync("2"); // the third step: one a second
        await answers.UntilAsync(message => message.Text.Contains("\"rate\":1,", StringComparison.Ordinal));
        await Expect(page.El("rate-text")).ToHaveTextAsync("1 / s");

        await page.El("preview").ClickAsync();
        await Expect(page.El("badge")).ToContainTextAsync("points only");
        var seq = await page.SeqAsync();
        await page.Page.WaitForFunctionAsync(
            "seq => { const canvas = document.querySelector('.fl-points'); "
                + "return canvas.dataset.seq > seq && document.querySelector('.fl-photo').width === 1 && canvas.dataset.faces > 0; }",
            seq
        );
        await page.El("preview").ClickAsync();
        await page.El("rate").FillAsync("4");
        await Expect(page.El("rate-text")).ToHaveTextAsync("5 / s");
        await Expect(page.El("badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_model_is_switched_and_one_that_is_refused_is_told_in_the_nodes_words()
    {
        await using var page = await dashboard.OpenAsync();
        await using var infos = await Subscriber.StartAsync(dashboard.BrokerPort, Dashboard.Base + "/info");
        var first = (string)JsonNode.Parse((await infos.NextAsync()).Payload)!["engines"]![0]!["model"]!["name"]!;
        var other = first == "deeppose-resnet18" ? "deeppose-resnet18-int8" : "deeppose-resnet18";
        foreach (var model in (string[])[other, first])
        {
            await page.El("model").SelectOptionAsync(model);
            await infos.UntilAsync(message => (string)JsonNode.Parse(message.Payload)!["engines"]![0]!["model"]!["name"]! == model);
            await Expect(page.El("model")).ToHaveValueAsync(model);
        }

        await page.El("model").SelectOptionAsync("damaged");
        await Expect(page.El("answer")).ToContainTextAsync($"The model '{first}' stays in use: ");
        await Expect(page.El("answer")).ToContainTextAsync("its card says 0000");
        await Expect(page.El("model")).ToHaveValueAsync(first);
        await Expect(page.El("events").Locator("li[data-kind=warning]").First).ToContainTextAsync("was refused");
    }

    [Fact]
    public async Task Another_camera_can_be_chosen()
    {
        await using var page = await dashboard.OpenAsync();
        foreach (var camera in (string[])["hall", "door"])
        {
            await page.El("camera").SelectOptionAsync(camera);
            await Expect(page.Page.Locator(".fl-points")).ToHaveAttributeAsync("data-camera", camera);
        }
    }

    [Fact]
    public async Task Another_node_can_be_chosen_and_its_death_is_told()
    {
        await using var page = await dashboard.OpenAsync();
        await using (
            NodeProcess.Start(
                "--Node:Name=node8",
                "--Mqtt:Host=127.0.0.1",
                $"--Mqtt:Port={dashboard.BrokerPort}",
                "--Preview:Enabled=true",
                "--Cameras:0:Name=yard",
                "--Cameras:0:Source=demo",
                "--Cameras:0:Fps=3",
                "--Engines:Onnx:Threads=1"
            )
        )
        {
            await page.El("node")
                .Locator("option[value=node8]")
                .WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
            await page.El("node").SelectOptionAsync("node8");
            await Expect(page.Page.Locator(".fl-points")).ToHaveAttributeAsync("data-camera", "yard");
            // A broker of one's own, and nothing allowed.
            await Expect(page.El("controls")).ToContainTextAsync("This node does not accept 'mode' (Commands:Allow).");
        }

        await Expect(page.El("trouble")).ToContainTextAsync("Node node8 is offline");
        await page.El("node").SelectOptionAsync("node7");
        await Expect(page.Page.Locator(".fl-points")).ToHaveAttributeAsync("data-camera", "door");
        await Expect(page.El("trouble")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_broker_that_is_replaced_is_missed_and_all_heals_by_itself()
    {
        await using var page = await dashboard.OpenAsync();
        await dashboard.ReplaceBrokerAsync(() =>
            Expect(page.El("trouble")).ToContainTextAsync($"No connection to the broker mqtt://127.0.0.1:{dashboard.BrokerPort}")
        );
        var seq = await page.SeqAsync();
        await page.Page.WaitForFunctionAsync("seq => Number(document.querySelector('.fl-points').dataset.seq) > seq", seq);
        await Expect(page.El("trouble")).ToHaveCountAsync(0);
        await page.El("mode-compare").ClickAsync();
        await Expect(page.El("answer")).ToContainTextAsync("Dispatch is compare now");
        await page.El("mode-cpu").ClickAsync();
        await Expect(page.El("answer")).ToContainTextAsync("Dispatch is cpu now");
    }

    [Theory]
    [InlineData("node-red-light", 1440, 1560, ColorScheme.Light)]
    [InlineData("node-red-dark", 1440, 1560, ColorScheme.Dark)]
    [InlineData("node-red-phone", 390, 1500, ColorScheme.Dark)]
    public async Task It_fits_the_screen(string name, int width, int height, ColorScheme scheme)
    {
        await using var page = await dashboard.OpenAsync(width, height, scheme, width < 1000 ? 2 : 1);
        await page.El("mode-cpu").ClickAsync();
        await Expect(page.El("answer")).ToContainTextAsync("Dispatch is cpu now");
        await page.Page.Locator(".fl-face").First.WaitForAsync();
        await page.Page.WaitForFunctionAsync("() => Number(document.querySelector('.fl-points').dataset.faces) > 2", null);
        await page.PictureAsync(name);
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var background = await page.Page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('.v-application')).backgroundColor"
        );
        Assert.Equal(
            scheme == ColorScheme.Dark,
            int.Parse(background.Split('(', ',')[1], System.Globalization.CultureInfo.InvariantCulture) < 128
        );
        // Nothing sticks out of its panel.
        Assert.Empty(
            await page.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('.nrdb-ui-group')].flatMap(group => [...group.querySelectorAll('.fl *')]
                    .filter(element => element.getBoundingClientRect().right > group.getBoundingClientRect().right + 1)
                    .map(element => element.outerHTML.slice(0, 80)))
                """
            )
        );
    }
}
