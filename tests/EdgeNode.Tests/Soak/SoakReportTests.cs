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
        Memory = Memory(MemoryJudgement.Steady),
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
        Assert.Equal(100, json.GetProperty("memorySlopeKbPerHour").GetDouble());
        Assert.Equal("steady", json.GetProperty("memory").GetProperty("judgement").GetString());
        Assert.Equal(101, json.GetProperty("handles").GetProperty("end").GetInt32());
        Assert.StartsWith("ok: 7200 s with seed 1, 3 faults (3 cameraGone)", s_good.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_thing_that_is_wrong_is_a_sentence()
    {
        Assert.Equal("1 frames were neither published nor counted as dropped.", Reason(s_good with { Dropped = 9 }));
        Assert.Equal("-1 frames were neither published nor counted as dropped.", Reason(s_good with { Published = 91 }));
        Assert.Equal(
            "The soak's own subscriber was cut off, so that events cannot be counted: the broker is gone",
            Reason(s_good with { WitnessFault = "the broker is gone", EventsReceived = 0 })
        );
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
        Assert.Equal(
            "Memory grows by 9000 KB an hour; at most 8192 are allowed.",
            Reason(s_good with { Memory = Memory(MemoryJudgement.Grows) with { SlopeKbPerHour = 9000 } })
        );
        Assert.Equal("The latency grew to 2.5 times what it was.", Reason(s_good with { LatencyDrift = 2.5 }));
    }

    [Fact]
    public void A_short_run_is_not_judged_by_trends()
    {
        var memory = Memory(MemoryJudgement.NotJudged) with { SlopeKbPerHour = 1e6 };
        var report = s_good with { Seconds = 60, Memory = memory, LatencyDrift = 9 };
        Assert.Equal("ok", report.Verdict);
        Assert.Contains("memory   not judged: it takes a whole run of 1 h", report.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("1000000", report.ToText(), StringComparison.Ordinal);
        Assert.Contains("latency  x 9.00, judged from 30 min on", report.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemoryJudgement.Steady, "memory   steady: +100 KB an hour (-50 to +200), 300 MB in the middle and 301 MB at the end")]
    [InlineData(MemoryJudgement.Unknown, "memory   comes and goes too much to tell whether it grows: +100 KB an hour (-50 to +200)")]
    internal void What_is_said_of_memory_is_what_the_run_can_tell(MemoryJudgement judgement, string sentence)
    {
        var report = s_good with { Memory = Memory(judgement) };
        Assert.Equal("ok", report.Verdict);
        Assert.Contains(sentence, report.ToText(), StringComparison.Ordinal);
    }

    private static MemoryTrend Memory(MemoryJudgement judgement) =>
        new()
        {
            Judgement = judgement,
            SlopeKbPerHour = 100,
            SlopeKbPerHourAtLeast = -50,
            SlopeKbPerHourAtMost = 200,
            LimitKbPerHour = 8192,
            FloorsKb = [.. Enumerable.Repeat(300.0 * 1024, MemoryTrend.Windows - 1), 301 * 1024],
        };

    private static string Reason(SoakReport report)
    {
        Assert.Equal("failed", report.Verdict);
        return Assert.Single(report.Reasons);
    }
}
