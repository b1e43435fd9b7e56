using System.Text.Json;

namespace FaceLandmark.Tests.Reliability;

/// <summary>A machine that has little memory and little processor; the kernel makes it.</summary>
[Trait("Category", Extent.Category)]
public sealed class LimitsTests
{
    [Fact]
    public async Task With_256_MB_and_half_a_core_it_runs_and_every_frame_is_accounted_for()
    {
        Assert.SkipWhen(ControlGroup.Problem is not null, ControlGroup.Problem ?? "");
        using var group = new ControlGroup(256L << 20, 0.5);
        await using var node = group.Run(
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "EdgeNode.dll"),
            "--for",
            "10s",
            "--report",
            "json",
            $"--Mqtt:Port={Ports.Free()}"
        );
        var (exitCode, output, errors) = await node.EndAsync();
        Assert.True(exitCode == 0, errors);
        FrameAccount.IsWhole(JsonDocument.Parse(output).RootElement);
    }
}
