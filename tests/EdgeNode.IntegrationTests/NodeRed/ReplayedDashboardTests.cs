using System.Globalization;
using System.Text.Json;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>Recorded, played back at another broker, and seen in a browser: a dashboard can be built without a camera.</summary>
[Collection(Dashboard.Name)]
public sealed class ReplayedDashboardTests(Dashboard dashboard) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replayed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_recording_that_is_played_back_draws_its_last_frame_on_the_dashboard()
    {
        var path = Path.Combine(_folder, "r.jsonl");
        await using (var landmarks = await Subscriber.StartAsync(dashboard.BrokerPort, Dashboard.Base + "/cameras/door/landmarks"))
        await using (var recorder = NodeProcess.Start("record", path, "--all", Port(dashboard.BrokerPort)))
        {
            await recorder.SaysAsync("Recording facelandmark/#");
            var next = 0;
            await landmarks.UntilAsync(_ => ++next == 15);
            recorder.AskToStop();
            var (recorded, _, errors) = await recorder.EndAsync();
            Assert.True(recorded == 0, errors);
        }

        await using var broker = await MosquittoBroker.StartAsync();
        await using var nodeRed = await NodeRedProcess.StartAsync(
            ("FACELANDMARK_PORT", string.Create(CultureInfo.InvariantCulture, $"{broker.Port}")),
            ("FACELANDMARK_CAMERA", "door")
        );
        await using var page = await dashboard.VisitAsync(nodeRed);
        await page.El("pill-broker").WaitForAsync();
        var (exitCode, output, problems) = await NodeProcess.RunAsync("replay", path, "--speed", "4", Port(broker.Port));
        Assert.True(exitCode == 0, output + problems);

        // Pictures and points were recorded: the dashboard has drawn one of its frames, with its faces.
        await page.Page.Locator(".fl-points[data-seq]").WaitForAsync();
        var drawn = await page.SeqAsync();
        var sequences = File.ReadLines(path)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("topic", out var topic) && topic.GetString() == Dashboard.Base + "/cameras/door/landmarks")
            .Select(line => line.GetProperty("message").GetProperty("seq").GetInt32())
            .ToList();
        Assert.Contains(drawn, sequences);
        Assert.Empty(page.Faults);
    }

    private static string Port(int port) => string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={port}");
}
