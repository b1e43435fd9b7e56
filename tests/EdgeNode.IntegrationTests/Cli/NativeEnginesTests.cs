using System.Globalization;
using System.Text.Json;
using FaceLandmark.Tests.Inference.DrpAi;
using FaceLandmark.Tests.Inference.Tvm;

namespace FaceLandmark.Tests.Cli;

/// <summary>What native engines must not do to the process they run in.</summary>
public sealed class NativeEnginesTests
{
    [Theory]
    // The call is under way when the drain runs out.
    [InlineData("drpai", "1min", "a slow run begins", "the node gives up the frames under way")]
    // The call counts as hanging, and its engine is closed.
    [InlineData("failover", "50ms", "did not return within 50 ms", "did not return within 50 ms")]
    public async Task A_slow_accelerator_neither_crashes_the_end_of_the_node_nor_writes_into_its_report(
        string mode,
        string hangAfter,
        string awaited,
        string told
    )
    {
        using var board = new Board();
        await using var node = NodeProcess.Start(
            [("FACELANDMARK_BOARD_SLOW_MS", "600000")],
            "--report",
            "json",
            $"--Dispatch:Mode={mode}",
            "--Node:DrainFor=1s",
            "--Engines:DrpAi:Device=hardware",
            $"--Engines:DrpAi:HangAfter={hangAfter}",
            $"--Engines:DrpAi:Library={Board.Library}",
            $"--Engines:DrpAi:ModelObject={board.Folder}",
            string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={Ports.Free()}")
        );
        await node.SaysAsync(awaited);
        node.AskToStop();
        var (exitCode, output, errors) = await node.EndAsync();

        Assert.True(exitCode == 0, $"{exitCode}: {errors}");
        Assert.Contains(told, errors, StringComparison.Ordinal);
        // The vendor's logger, which writes on standard output.
        Assert.Contains("[console] [info] MERA 1.0", errors, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(output).RootElement.ValueKind);
    }

    [Fact]
    public async Task A_runtime_that_writes_on_standard_output_leaves_the_programs_alone()
    {
        using var model = new TestObject();
        await using var node = NodeProcess.Start(
            [("TVM_DOUBLE_SPEAKS", "1")],
            "model",
            "verify",
            model.Folder,
            $"--Engines:Tvm:Library={model.Library}"
        );
        var (_, output, errors) = await node.EndAsync();
        Assert.Contains("[console] the runtime is loaded", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("[console]", output, StringComparison.Ordinal);
        Assert.NotEmpty(output);
    }
}
