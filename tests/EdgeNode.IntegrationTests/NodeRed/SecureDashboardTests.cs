using static Microsoft.Playwright.Assertions;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>The dashboard with the production broker: certificate, account, access list, and landmarks as CBOR.</summary>
[Collection(Dashboard.Name)]
public sealed class SecureDashboardTests(Dashboard dashboard) : IAsyncLifetime
{
    private ProductionBroker _broker = null!;

    public async ValueTask InitializeAsync() =>
        _broker = await ProductionBroker.StartAsync(moreAccess: "topic deny facelandmark/+/request/model");

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task With_its_account_it_shows_commands_and_learns_what_it_may_not()
    {
        await using var node = NodeProcess.Start(
            "--Node:Name=node7",
            "--Cameras:0:Fps=5",
            "--Engines:Onnx:Threads=1",
            "--Mqtt:Host=localhost",
            $"--Mqtt:Port={_broker.Port}",
            "--Mqtt:Tls:Enabled=true",
            $"--Mqtt:Tls:CaFile={_broker.Of("ca.crt")}",
            "--Mqtt:User=node7",
            $"--Mqtt:PasswordFile={_broker.Of("node7.password")}",
            "--Mqtt:LandmarksFormat=cbor",
            "--Preview:Enabled=true",
            "--Preview:Overlay=true",
            "--Commands:Allow=health,mode,model,preview"
        );
        await using var nodeRed = await NodeRedProcess.StartAsync(
            ("FACELANDMARK_HOST", "localhost"),
            ("FACELANDMARK_PORT", $"{_broker.Port}"),
            ("FACELANDMARK_TLS", "true"),
            ("FACELANDMARK_CA", _broker.Of("ca.crt")),
            ("FACELANDMARK_USER", "dashboard"),
            ("FACELANDMARK_PASSWORD", _broker.PasswordOf("dashboard"))
        );
        await using var page = await dashboard.VisitAsync(nodeRed);
        await Expect(page.El("pill-node")).ToContainTextAsync("node7 online");
        // The numbers of the CBOR messages lead to those of the pictures.
        await page.Page.WaitForFunctionAsync("() => document.querySelector('.fl-points[data-seq]')?.dataset.faces > 0");
        await page.Page.Locator(".fl-face").First.WaitForAsync();
        // Somebody else may want the points in the picture: it stays as it was.
        await Expect(page.El("drawn-node")).ToHaveAttributeAsync("aria-checked", "true");

        // This node has one engine, and does not obey 'camera'.
        await Expect(page.El("mode-compare")).ToBeDisabledAsync();
        await Expect(page.El("mode-why")).ToContainTextAsync("this node has no DRP-AI");
        await Expect(page.El("camera-stop")).ToBeDisabledAsync();
        await Expect(page.El("controls")).ToContainTextAsync("This node does not accept 'camera' (Commands:Allow).");
        await page.El("mode-cpu").ClickAsync();
        await Expect(page.El("answer")).ToContainTextAsync("Dispatch is cpu now, on onnx.");

        // This broker keeps 'model' from the dashboard.
        var other = (await page.El("model").Locator("option").AllTextContentsAsync())
            .Except([await page.El("model").InputValueAsync()])
            .First();
        await page.El("model").SelectOptionAsync(other);
        await Expect(page.El("answer"))
            .ToContainTextAsync(
                "The broker refused 'model' (Not authorized): this account needs the right to write facelandmark/node7/request/model."
            );

        // Its flows hold no password, nor does its log.
        var password = _broker.PasswordOf("dashboard");
        foreach (var file in Directory.EnumerateFiles(nodeRed.Folder, "*.json"))
            Assert.DoesNotContain(
                password,
                await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        Assert.DoesNotContain(password, nodeRed.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "[error]",
            nodeRed.Log.Replace("Publish error: Not authorized", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }
}
