using System.Text.RegularExpressions;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Cli;

/// <summary>The program started from a folder that has files of the same names as its own.</summary>
public sealed class WorkingFolderTests : IDisposable
{
    private static readonly byte[] s_jpeg = [0xFF, 0xD8, 0xFF];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("facelandmark-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Models_and_detectors_are_those_beside_the_program()
    {
        _folder.CreateSubdirectory("models");
        var detector = Path.Combine(_folder.CreateSubdirectory("assets/blazeface").FullName, "face_detection_back_256x256_barracuda.onnx");
        await File.WriteAllTextAsync(detector, "no model", TestContext.Current.CancellationToken);

        Assert.Contains("WFLW-98", await RunAsync("model", "list"), StringComparison.Ordinal);
        Assert.Matches($"face detector +{Regex.Escape(AppContext.BaseDirectory)}", await RunAsync("doctor", $"--Mqtt:Port={Ports.Free()}"));
    }

    [Fact]
    public async Task A_node_that_sends_pictures_leaves_none_in_any_folder_that_it_writes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var pictures = await Subscriber.StartAsync(broker.Port, "facelandmark/+/cameras/+/preview");
        string[] folders = ["HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"];
        await using var node = RunningProgram.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll"),
                "--frames",
                "40",
                "--Web:Port=0",
                "--Mqtt:Host=127.0.0.1",
                $"--Mqtt:Port={broker.Port}",
                "--Preview:Enabled=true",
                $"--Outbox:File={Path.Combine(_folder.FullName, "outbox.db")}",
                $"--Diagnostics:LastWords={Path.Combine(_folder.FullName, "words")}",
            ],
            _folder.FullName,
            [.. folders.Select(name => (name, _folder.FullName))]
        );
        await pictures.UntilAsync(message => message.Payload.AsSpan().StartsWith(s_jpeg));
        var (status, _, errors) = await node.EndAsync();
        Assert.True(status == 0, errors);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "outbox.db")));
        var found = _folder
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Length > 0 && File.ReadAllBytes(file.FullName).AsSpan().IndexOf(s_jpeg) >= 0)
            .Select(file => file.FullName);
        Assert.Empty(found);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        await using var program = RunningProgram.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll"), .. arguments],
            _folder.FullName
        );
        return await program.OutputAsync();
    }
}
