using System.Globalization;
using System.Security.Cryptography;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.Cli;

/// <summary>What a start leaves for the next one, so that it takes less time: whatever is there instead, the verb works as ever.</summary>
public sealed class StartupProfileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("facelandmark-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_start_leaves_a_profile_which_the_next_one_takes()
    {
        var expected = await ListAsync(State);
        Assert.Equal(expected, await ListAsync(State));
        // With one processor there is nothing that could compile beside the program.
        Assert.True(File.Exists(Profile) || Environment.ProcessorCount == 1);
    }

    [Fact]
    public async Task A_node_leaves_one_and_works_with_it()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var node = NodeProcess.Start(
                [("STATE_DIRECTORY", State)],
                "run",
                "--frames",
                "3",
                string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={Ports.Free()}")
            );
            var (exitCode, _, errors) = await node.EndAsync();
            Assert.True(exitCode == 0, errors);
            Assert.True(File.Exists(Path.Combine(State, "run" + StartupProfile.Extension)) || Environment.ProcessorCount == 1);
        }
    }

    [Fact]
    public async Task Without_a_state_folder_nothing_is_left()
    {
        var missing = Path.Combine(_folder.FullName, "missing");
        Assert.NotEmpty(await ListAsync(missing));
        Assert.False(Directory.Exists(missing));
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("folder")]
    public async Task What_is_no_profile_disturbs_nobody(string kind)
    {
        var expected = await ListAsync(State);
        var bytes = File.Exists(Profile) ? await File.ReadAllBytesAsync(Profile, TestContext.Current.CancellationToken) : [];
        File.Delete(Profile);
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(Profile);
                break;
            case "cut":
                await File.WriteAllBytesAsync(Profile, bytes[..(bytes.Length / 3)], TestContext.Current.CancellationToken);
                break;
            default:
                var noise = RandomNumberGenerator.GetBytes(kind == "noise" ? 5000 : 0);
                await File.WriteAllBytesAsync(Profile, noise, TestContext.Current.CancellationToken);
                break;
        }

        Assert.Equal(expected, await ListAsync(State));
        Assert.Equal(expected, await ListAsync(State));
    }

    [Fact]
    public async Task A_full_disk_disturbs_nobody()
    {
        var folder = Path.Combine(_folder.FullName, "full");
        await using var disk = await SmallDisk.MountAsync(folder, 4);
        Assert.SkipWhen(disk is null, "Nobody may mount here.");
        var expected = await ListAsync(State);
        Assert.Equal(expected, await ListAsync(folder));
        Assert.Equal(expected, await ListAsync(folder));
    }

    private string State => _folder.FullName;

    private string Profile => Path.Combine(State, "model" + StartupProfile.Extension);

    private async Task<string> ListAsync(string state)
    {
        await using var program = RunningProgram.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll"), "model", "list"],
            _folder.FullName,
            ("STATE_DIRECTORY", state)
        );
        var (status, output, errors) = await program.EndAsync();
        Assert.True(status == 0, errors);
        Assert.Empty(errors);
        return output;
    }
}
