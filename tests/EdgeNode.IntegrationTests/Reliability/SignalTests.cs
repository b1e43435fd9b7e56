using System.Globalization;
using System.Text.Json;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Reliability;

/// <summary>A node that is stopped and killed at random moments, over and over, and what it leaves behind.</summary>
[Trait("Category", Extent.Category)]
public sealed class SignalTests : IDisposable
{
    private const string Base = "facelandmark/n1";
    private readonly string _folder = Directory.CreateTempSubdirectory("signals-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Stopped_and_killed_at_random_moments_it_leaves_a_true_state_a_whole_outbox_and_no_process()
    {
        var clip = Path.Combine(_folder, "clip.avi");
        PhotographClip.Write(clip, 30);
        await using var broker = await MosquittoBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, Base + "/#");
        var seen = new List<Subscriber.Received>();
        var random = new Random(Extent.Seed);
        for (var round = 0; round < Extent.Rounds; round++)
        {
            await using var node = Start(broker.Port, clip);
            // The moment is what is random; nothing is waited for.
            await Task.Delay(random.Next(200, 5000), TestContext.Current.CancellationToken);
            var children = node.Children();
            var signal = round % 3;
            if (signal == 0)
                node.AskToStop();
            else if (signal == 1)
                node.Interrupt();
            else
                await node.DisposeAsync();
            if (signal < 2)
            {
                var (exitCode, _, errors) = await node.EndAsync();
                // A signal that comes before .NET runs ends the process as the system does.
                var isTooEarly = errors.Length == 0 && exitCode == 128 + (signal == 0 ? 15 : 2);
                Assert.True(exitCode == 0 || isTooEarly, $"round {round}: {exitCode}: {errors}");
            }

            await NoneIsLeftAsync(children);
            await subscriber.PublishAsync($"{Base}/marker", $"{round}");
            var said = await subscriber.UntilAsync(message => message.Topic == Base + "/marker");
            var status = Status(said) ?? Status(seen);
            if (status == "online")
            {
                Assert.Equal(2, signal); // whoever is asked to stop says so before the end
                said.AddRange(await subscriber.UntilAsync(message => message.Topic == Base + "/status"));
                Assert.Equal("offline", said[^1].Text);
            }

            seen.AddRange(said.Where(message => !message.Topic.EndsWith("/landmarks", StringComparison.Ordinal)));
        }

        await using var last = Start(broker.Port, clip);
        seen.AddRange(await subscriber.UntilAsync(message => message.Topic == Base + "/status" && message.Text == "online"));
        seen.AddRange(await subscriber.UntilAsync(message => message.Topic == Base + "/cameras/cam0/events"));
        last.AskToStop();
        await last.OutputAsync();
        seen.AddRange(await subscriber.UntilAsync(message => message.Topic == Base + "/status" && message.Text == "stopped"));

        var sessions = seen.Where(message => message.Topic == Base + "/cameras/cam0/events")
            .Select(message => JsonDocument.Parse(message.Payload).RootElement)
            .GroupBy(message => message.GetProperty("session").GetString()!, message => message.GetProperty("seq").GetInt64())
            .ToList();
        Assert.NotEmpty(sessions);
        foreach (var session in sessions)
        {
            var numbers = session.Distinct().Order().ToList();
            Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
        }
    }

    private static string? Status(List<Subscriber.Received> messages) =>
        messages.LastOrDefault(message => message.Topic == Base + "/status")?.Text;

    private static async Task NoneIsLeftAsync(IReadOnlyList<int> processes)
    {
        using var limit = Patience.NewLimit();
        while (processes.Any(process => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"))))
            await Task.Delay(20, limit.Token); // /proc tells nobody when it changes
    }

    private RunningProgram Start(int port, string clip) =>
        NodeProcess.Start(
            "--Node:Name=n1",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={port}",
            "--Cameras:0:Name=cam0",
            "--Cameras:0:Fps=10",
            "--Cameras:1:Name=cam1",
            $"--Cameras:1:Source={clip}",
            "--Cameras:1:Loop=true",
            $"--Outbox:File={Path.Combine(_folder, "outbox.db")}"
        );
}
