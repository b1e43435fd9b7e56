using System.Text.Json;

namespace FaceLandmark.Tests.Reliability;

/// <summary>The verb <c>soak</c>.</summary>
[Trait("Category", Extent.Category)]
public sealed class SoakTests
{
    [Fact]
    public async Task Under_faults_of_all_kinds_every_frame_and_every_event_is_accounted_for()
    {
        await using var soak = NodeProcess.Start("soak", "--for", Extent.Soak, "--seed", Extent.SeedArgument, "--json");
        var (exitCode, output, errors) = await soak.EndAsync(Extent.SoakAtMost);
        Assert.True(exitCode == 0, output + errors);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal("ok", report.GetProperty("verdict").GetString());
        Assert.Equal(0, report.GetProperty("unexplainedFrames").GetInt64());
        Assert.Equal(
            report.GetProperty("framesIn").GetInt64(),
            report.GetProperty("published").GetInt64() + report.GetProperty("dropped").GetInt64()
        );
        Assert.True(report.GetProperty("published").GetInt64() > 0);
        Assert.True(report.GetProperty("eventsReceived").GetInt64() > 0);
        foreach (var kind in (string[])["cameraError", "cameraGone", "cameraStall", "cameraBlack", "engineHang", "engineInvalid"])
            Assert.True(report.GetProperty("faults").GetProperty(kind).GetInt32() > 0, kind);
        foreach (var kind in (string[])["brokerReset", "brokerGone", "brokerFrozen", "brokerSlow", "engineError", "bothEngines"])
            Assert.True(report.GetProperty("faults").GetProperty(kind).GetInt32() > 0, kind);
        foreach (var part in (string[])["camera", "broker"])
            Assert.Contains(
                report.GetProperty("recoveryMs").EnumerateObject(),
                kind => kind.Name.StartsWith(part, StringComparison.Ordinal)
            );
        Assert.Contains("60 of 60 s", Extent.Soak == "60s" ? errors : "60 of 60 s", StringComparison.Ordinal); // progress
    }

    [Theory]
    [InlineData("--for is '5s', but must be a time of 20s at least", "--for", "5s")]
    [InlineData("--for is 'soon', but must be a time of 20s at least", "--for", "soon")]
    [InlineData("Cannot parse argument 'x' for option '--seed'", "--seed", "x")]
    public async Task What_it_cannot_take_is_a_sentence(string sentence, params string[] arguments)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(["soak", .. arguments]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_stopped_has_no_verdict_and_is_no_success()
    {
        await using var soak = NodeProcess.Start("soak", "--for", "20s");
        await soak.SaysAsync("soak: 2 of 20 s");
        soak.AskToStop();
        var (exitCode, output, _) = await soak.EndAsync();
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("ok", output, StringComparison.Ordinal);
    }
}
