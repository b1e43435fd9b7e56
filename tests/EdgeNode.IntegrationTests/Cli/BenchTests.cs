using System.Text.Json;
using FaceLandmark.Benchmarks;

namespace FaceLandmark.Tests.Cli;

/// <summary>The verb <c>bench</c>, at its smallest: that every figure is there, not how large it is.</summary>
[Collection(Alone.Name)]
public sealed class BenchTests : IDisposable
{
    private const int BadUsage = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_measures_every_row_draws_curves_and_compares_with_a_script()
    {
        var plots = Path.Combine(_folder, "plots");
        var script = Path.Combine(Repository.Root, "tests", "EdgeNode.Benchmarks", "peers", "opencv_dnn.py");

        await using var bench = NodeProcess.Start("bench", "--tiny", "--json", "--plot", plots, "--peer", script);
        for (var tenths = 1; tenths <= 10; tenths++)
            await bench.SaysAsync($"bench: {10 * tenths} %");
        var (exitCode, output, errors) = await bench.EndAsync();

        Assert.True(exitCode == 0, errors);
        var report = JsonSerializer.Deserialize(output, BenchJson.Default.BenchReport)!;
        Assert.Empty(report.Missing);
        string[] rows =
        [
            .. (string[])["P1a", "P1b", "P1b previews", "P1c", "P1d", "P2", "P2b", "P2b rate", "P3 OpenCV", "P3 original"],
            .. (string[])["P4", "P4 Gen2", "P4 slope", "P5", "P6", "P6 doctor", "P7", "P7 memory", "P8 FP32", "P8 best", "P9", "P10"],
        ];
        Assert.Equal(rows, report.Targets.Select(row => row.Row));
        Assert.All(
            report.Targets.Where(row => row.Row != "P4 slope"), // which takes ten minutes
            row => Assert.True(row is { Met: not null, Value: { } value } && double.IsFinite(value), row.ToString())
        );
        // Threads that spun from one frame to the next took six times as much, and a program as young as this takes two to three times.
        Assert.True(report.Targets.Single(row => row.Row == "P1d").Value < 6, BenchTable.Of(report));
        // A whole frame is no face; everywhere else there is one that is followed.
        Assert.All(
            report.Nodes,
            run => Assert.True(run.Faces >= 0.5 || run.Name.StartsWith("whole frame", StringComparison.Ordinal), run.Name)
        );
        Assert.InRange(report.Runs(RunNames.ThreeFaces)[0].Faces, 2, 3);
        Assert.All(report.Nodes, run => Assert.True(run is { Fps: > 0, CpuMs: > 0, Switches: > 0, ResidentMb: > 10, P99: > 0 }, run.Name));
        Assert.All(StepsTrial.Names, name => Assert.True(report.Steps[name] > 0, name));
        Assert.Contains("emulated", report.Runs(RunNames.BothEngines)[0].Engine, StringComparison.Ordinal);
        Assert.Contains(report.Targets, row => row is { Row: "P9", Note: { } note } && note.Contains("emulated", StringComparison.Ordinal));

        var pictures = Directory.GetFiles(plots);
        Assert.Equal(5, pictures.Length);
        Assert.All(pictures, path => Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(path)[..4]));

        var table = BenchTable.Of(report);
        Assert.All(rows, row => Assert.Contains($"\n{row} ", table, StringComparison.Ordinal));
        Assert.Contains("emulated", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_is_none() =>
        await RefusedAsync("--soak is 'long', but must be a time such as 30s, 10min or 1h.", "--soak", "long");

    [Fact]
    public async Task A_script_that_is_not_there() =>
        await RefusedAsync("--peer is 'gone.py', but there is no such file", "--peer", "gone.py");

    [Fact]
    public async Task A_folder_for_curves_that_is_a_file()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await RefusedAsync("but that is a file: name a folder", "--plot", file);
        await RefusedAsync("but the folder cannot be made", "--plot", Path.Combine(file, "inside"));
    }

    [Fact]
    public async Task An_option_that_does_not_exist() => await RefusedAsync("'--fast'", "--fast");

    [Fact]
    public async Task A_setting_out_of_its_range() =>
        await RefusedAsync("Preview:Quality is 101, but must be from 1 to 100.", "--Preview:Quality=101");

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_of()
    {
        var (exitCode, _, errors) = await NodeProcess.RunAsync("bench", "--tiny", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={Ports.Free()}");
        Assert.Equal(1, exitCode);
        Assert.Contains("Nothing listens on 127.0.0.1:", errors, StringComparison.Ordinal);
        Assert.Contains("Without Mqtt:Host a broker is part of the benchmark.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(string sentence, params string[] arguments)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(["bench", .. arguments]);
        Assert.True(exitCode == BadUsage, $"exit code {exitCode}: {errors}{output}");
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
