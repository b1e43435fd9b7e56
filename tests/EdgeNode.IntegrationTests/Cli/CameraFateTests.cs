using System.Globalization;
using System.Text.Json;

namespace FaceLandmark.Tests.Cli;

/// <summary>What one camera meets is not the others' affair, unless the run is bounded.</summary>
public sealed class CameraFateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-fate-").FullName;

    public CameraFateTests()
    {
        for (var i = 0; i < 3; i++)
            File.Copy(Path.Combine(AppContext.BaseDirectory, "assets", "demo", "sample1.jpg"), Path.Combine(_folder, $"{i}.jpg"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Category", "reliability")]
    public async Task A_file_that_is_missing_turns_its_own_camera_off_and_the_others_run_to_their_end()
    {
        var (status, output, errors) = await NodeProcess.RunAsync([.. Cameras("gone.mp4", _folder), "--report", "json"]);

        Assert.Equal(1, status);
        Assert.Contains("first: Source 'gone.mp4'", errors, StringComparison.Ordinal);
        Assert.Contains("The camera stays off", errors, StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("frames").GetInt32());
    }

    [Fact]
    public async Task A_live_camera_goes_on_and_the_node_stops_cleanly_when_it_is_asked()
    {
        await using var node = NodeProcess.Start(Cameras("gone.mp4", "demo"));
        await node.WaitForCameraAsync();
        node.AskToStop();

        var (status, _, errors) = await node.EndAsync();

        Assert.True(status == 0, errors);
        Assert.Contains("The camera stays off", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounded_run_ends_with_the_first_failure()
    {
        var (status, _, errors) = await NodeProcess.RunAsync([.. Cameras("gone.mp4", "demo"), "--for", "10min"]);

        Assert.Equal(1, status);
        Assert.Contains("gone.mp4", errors, StringComparison.Ordinal);
    }

    private static string[] Cameras(string first, string second) =>
        [
            "--Cameras:0:Name=first",
            $"--Cameras:0:Source={first}",
            "--Cameras:1:Name=second",
            $"--Cameras:1:Source={second}",
            string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={Ports.Free()}"),
        ];
}
