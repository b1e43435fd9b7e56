using System.Text.Json;

namespace FaceLandmark.Tests.Reliability;

/// <summary>A network that is cut in two; the kernel makes it.</summary>
[Collection(Alone.Name)]
[Trait("Category", Extent.Category)]
public sealed class CableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cable-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)] // at the node, whose system says so
    [InlineData(false)] // at the broker: silence
    public async Task A_cable_that_is_pulled_out_and_put_in_again_loses_no_event(bool isPulledHere)
    {
        Assert.SkipWhen(FarNetwork.Problem is not null, FarNetwork.Problem ?? "");
        await using var network = await FarNetwork.StartAsync();
        var port = Ports.Free();
        var configuration = Path.Combine(_folder, "mosquitto.conf");
        File.WriteAllLines(configuration, [$"listener {port}", "allow_anonymous true", "user root"]);
        await using var broker = network.Run("mosquitto", "-c", configuration);
        await broker.SaysAsync(" running");
        await using var subscriber = network.Run(
            "mosquitto_sub",
            ["-p", $"{port}", "-t", "facelandmark/n/status", "-t", "facelandmark/n/cameras/+/events", "-q", "1", "-F", "%t %p"]
        );
        await using var node = NodeProcess.Start(
            "--Node:Name=n",
            $"--Mqtt:Host={network.Address}",
            $"--Mqtt:Port={port}",
            "--Mqtt:KeepAlive=5s",
            "--Mqtt:ReconnectAfter=0.2s",
            "--Mqtt:ReconnectAfterAtMost=0.5s",
            $"--Outbox:File={Path.Combine(_folder, "outbox.db")}"
        );
        await node.WaitForCameraAsync();
        var events = new List<int>();
        await UntilAsync("facelandmark/n/status online");
        while (events.Count == 0)
            await TakeAsync();
        await network.PullAsync(isPulledHere);
        await UntilAsync("facelandmark/n/status offline");
        await network.PlugAsync(isPulledHere);
        await UntilAsync("facelandmark/n/status online");
        var before = events.Count;
        while (events.Count == before)
            await TakeAsync();
        node.AskToStop();
        var (exitCode, _, errors) = await node.EndAsync();
        Assert.True(exitCode == 0, errors);
        await UntilAsync("facelandmark/n/status stopped");
        Assert.Equal(Enumerable.Range(1, events.Max()), events.Distinct());

        async Task UntilAsync(string line)
        {
            while (await TakeAsync() != line) { }
        }

        async Task<string> TakeAsync()
        {
            var line = await subscriber.NextLineAsync();
            var (topic, payload) = (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            if (topic.EndsWith("/events", StringComparison.Ordinal))
                events.Add(JsonDocument.Parse(payload).RootElement.GetProperty("seq").GetInt32());
            return line;
        }
    }
}
