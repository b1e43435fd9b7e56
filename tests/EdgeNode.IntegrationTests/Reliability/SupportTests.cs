using System.IO.Compression;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Reliability;

/// <summary>What is left of a run that ended by a fault, and the verb <c>support</c>, from the outside.</summary>
[Trait("Category", Extent.Category)]
public sealed class SupportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("support-").FullName;

    private string Words => Path.Combine(_folder, "words");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_next_start_tells_on_the_broker_how_the_run_before_ended_and_support_collects_it()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var log = await Subscriber.StartAsync(broker.Port, "facelandmark/n1/log");
        await using (var first = Start(broker.Port, Path.Combine(_folder, "gone.mp4")))
        {
            var (exitCode, _, errors) = await first.EndAsync();
            Assert.True(exitCode == 1, errors);
        }

        await using (var next = Start(broker.Port, "demo"))
        {
            await next.WaitForCameraAsync();
            var told = (await log.UntilAsync(line => line.Text.Contains("\"event\":806", StringComparison.Ordinal)))[^1].Text;
            Assert.Contains("gone.mp4", told, StringComparison.Ordinal);
        } // killed: without a word

        await using (var last = Start(broker.Port, "demo"))
        {
            await log.UntilAsync(line => line.Text.Contains("\"event\":807", StringComparison.Ordinal));
            last.AskToStop();
            await last.OutputAsync();
        }

        var zip = Path.Combine(_folder, "support.zip");
        var (status, output, said) = await NodeProcess.RunAsync(
            "support",
            "--out",
            zip,
            $"--Diagnostics:LastWords={Words}",
            "--Mqtt:Password=hush",
            "--Cameras:0:Source=rtsp://me:hush@127.0.0.1/",
            $"--Mqtt:Port={Ports.Free()}"
        );
        Assert.True(status == 0, said);
        Assert.Equal(zip, output.Trim());
        await using var archive = await ZipFile.OpenReadAsync(zip, TestContext.Current.CancellationToken);
        var names = archive.Entries.Select(entry => entry.FullName).ToList();
        foreach (var name in (string[])["about.txt", "settings.json", "doctor.txt"])
            Assert.Contains(name, names);
        Assert.Contains(names, name => name.EndsWith("Z/fault.txt", StringComparison.Ordinal));
        foreach (var entry in archive.Entries)
        {
            using var text = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken));
            Assert.DoesNotContain("hush", await text.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_a_sentence()
    {
        var (status, output, errors) = await NodeProcess.RunAsync(
            "support",
            "--out",
            Path.Combine(_folder, "gone", "x.zip"),
            $"--Mqtt:Port={Ports.Free()}"
        );
        Assert.Equal((1, ""), (status, output));
        Assert.Contains("gone", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private RunningProgram Start(int port, string source) =>
        NodeProcess.Start(
            "--Node:Name=n1",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={port}",
            $"--Cameras:0:Source={source}",
            $"--Diagnostics:LastWords={Words}"
        );
}
