using System.Text.RegularExpressions;

namespace FaceLandmark.Tests.Cli;

/// <summary>The program started from a folder that has files of the same names as its own.</summary>
public sealed class WorkingFolderTests : IDisposable
{
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
