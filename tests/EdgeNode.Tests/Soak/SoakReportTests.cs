using System.Text.Json;
using FaceLandmark.Soak;

namespace FaceLandmark.Tests.Soak;

/// <summary>The verdict of a soak.</summary>
public sealed class SoakReportTests
{
    private static readonly SoakReport s_good = new()
    {
        Seed = 1,
        Seconds = 7200,
        Faults = new Dictionary<string, int> { ["cameraGone"] = 3 },
        RecoveryMs = new Dictionary<string, double> { ["cameraGone"] = 400 },
        FramesIn = 100,
        Published = 90,
        Dropped = 10,
        DroppedBy = new Dictionary<string, long> { ["gate.newerFrame"] = 10 },
        EventsSent = 5,
        EventsReceived = 4,
        EventsRepeated = 1,
        EventsDropped = 1,
        MemorySlopeKbPerHour = 100,
        Handles = new SoakReport.HandleCount(100, 101),
        LatencyDrift = 1.1,
        LastStatus = "stopped",
        Bugs = [],
    };

    [Fact]
    public void When_everything_is_accounted_for_it_is_ok()
    {
        var json = JsonDocument.Parse(s_good.ToJson()).RootElement;
        Assert.Equal("ok", json.GetProperty("verdict").GetString());
        Assert.Equal(0, json.GetProperty("unexplainedFrames").GetInt64());
        Assert.Equal(101, json.GetProperty("handles").GetProperty("end").GetInt32());
        Assert.StartsWith("ok: 7200 s with seed 1, 3 faults (3 cameraGone)", s_good.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_thing_that_is_wrong_is_a_sentence()
    {
        Assert.Equal("1 frames were neither published nor counted as dropped.", Reason(s_good with { Dropped = 9 }));
        Assert.Equal("-1 frames were neither published nor counted as dropped.", Reason(s_good with { Published = 91 }));
        Assert.Equal("No frame was published.", Reason(s_good with { Published = 0, Dropped = 100 }));
        Assert.Equal("1 events were neither received nor counted as dropped.", Reason(s_good with { EventsReceived = 3 }));
        Assert.Equal(
            "After the end the broker says that the node is 'offline', not 'stopped'.",
            Reason(s_good with { LastStatus = "offline" })
        );
        Assert.Equal("The node ended by itself: it burns", Reason(s_good with { Fault = "it burns" }));
        Assert.Equal("The node logged a bug: boom", Reason(s_good with { Bugs = ["boom"] }));
        Assert.Equal(
            "100 more descriptors are open at the end than after the start.",
            Reason(s_good with { Handles = new SoakReport.HandleCount(100, 200) })
        );
        Assert.Equal("Memory grows by 9000 KB an hour.", Reason(s_good with { MemorySlopeKbPerHour = 9000 }));
        Assert.Equal("The latency grew to 2.5 times what it was.", Reason(s_good with { LatencyDrift = 2.5 }));
    }

    [Fact]
    public void A_short_run_is_not_judged_by_trends() =>
        Assert.Equal("ok", (s_good with { Seconds = 60, MemorySlopeKbPerHour = 1e6, LatencyDrift = 9 }).Verdict);

    private static string Reason(SoakReport report)
    {
        Assert.Equal("failed", report.Verdict);
        return Assert.Single(report.Reasons);
    }
}
