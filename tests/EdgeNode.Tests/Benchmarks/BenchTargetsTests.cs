using FaceLandmark.Benchmarks;

namespace FaceLandmark.Tests.Benchmarks;

public sealed class BenchTargetsTests
{
    [Fact]
    public void Ratios_are_made_turn_by_turn_and_their_median_counts()
    {
        // The second turn met a machine twice as slow: of the medians themselves the ratio would be 1.2.
        var report = Report(
            [Run(RunNames.OneThread, 97), Run(RunNames.OneThread, 60), Run(RunNames.OneThread, 120)],
            [Bare(RunNames.BareOneThread, 100), Bare(RunNames.BareOneThread, 50), Bare(RunNames.BareOneThread, 100)]
        );

        var row = Row(report, "P1a");

        Assert.Equal(1.2, row.Value!.Value, 6);
        Assert.True(row.Met);
        Assert.Equal("at least 0.97", row.Want);
    }

    [Fact]
    public void Cost_is_what_the_engine_and_decoding_leave()
    {
        var report = Report([Run(RunNames.OneThread, 100) with { CpuMs = 6 }], [Bare(RunNames.BareOneThread, 100, 4.5)]) with
        {
            Steps = new Dictionary<string, double> { ["decode"] = 0.5 },
        };
        Assert.Equal((1.0, false), (Row(report, "P1c").Value!.Value, Row(report, "P1c").Met!.Value));
    }

    [Fact]
    public void A_pipeline_that_uses_all_of_the_time_loses_only_its_own_share()
    {
        // Of 10 ms of processor time a frame 5 are inference: half of the bare engine's rate is all there can be.
        var report = Report([Run(RunNames.OneFace, 50) with { CpuMs = 9, BrokerCpuMs = 1 }], [Bare(RunNames.Bare, 100, 5)]);
        Assert.Equal(1, Row(report, "P1b").Value!.Value, 6);
    }

    [Fact]
    public void Waiting_counts_in_times_of_a_frame()
    {
        var report = Report([Run(RunNames.Fast, 100) with { P50 = 21 }, Run(RunNames.OneAtATime, 110)], []);
        Assert.Equal((2.1, true), (Row(report, "P2b").Value!.Value, Row(report, "P2b").Met!.Value));
        Assert.False(Row(report, "P2b rate").Met);
    }

    [Fact]
    public void What_was_not_measured_has_no_value_and_says_why()
    {
        var report = Report([], []) with { Missing = new Dictionary<string, string> { [RunNames.BothEngines] = "no model" } };
        Assert.All(report.Targets, row => Assert.Equal((null, null), (row.Value, row.Met)));
        Assert.Equal("no model", Row(report, "P9").Note);
        Assert.Contains("--peer", Row(report, "P8 best").Note, StringComparison.Ordinal);
        Assert.Contains("Not measured: P1a,", BenchTable.Of(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, null)]
    [InlineData(600, 1.0)]
    public void Whether_memory_rises_is_judged_from_ten_minutes_on(double seconds, double? slope)
    {
        var resident = Enumerable.Range(0, 40).Select(i => new MemoryAt(i, 100 + (i / 3600.0))).ToList();
        var row = Row(Report([Run(RunNames.Soak, 100) with { Seconds = seconds }], []) with { Soak = resident }, "P4 slope");
        Assert.Equal(slope, row.Value is { } value ? Math.Round(value, 6) : null);
        Assert.Contains("--soak 10min", row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void The_slope_of_memory_stands_one_wild_sample()
    {
        var rising = Enumerable.Range(0, 40).Select(second => new MemoryAt(second, 100 + (second / 3600.0))).ToList();
        rising[30] = new MemoryAt(30, 500);
        Assert.Equal(1, BenchTargets.Slope(rising)!.Value, 6);
        Assert.Null(BenchTargets.Slope([new MemoryAt(0, 1)]));
        Assert.Equal(3600, BenchTargets.Slope([new MemoryAt(0, 1), new MemoryAt(1, 2)])!.Value, 6);
    }

    [Theory]
    [InlineData(0.5, 2.5)]
    [InlineData(0, 1)]
    [InlineData(1, 4)]
    public void Percentiles_lie_between_values(double share, double expected) => Assert.Equal(expected, Spread.At([4, 1, 3, 2], share), 9);

    private static BenchTarget Row(BenchReport report, string name) => report.Targets.Single(row => row.Row == name);

    private static BareFigures Bare(string name, double fps, double cpu = 1) => new(name, "m", fps, cpu);

    private static BenchReport Report(IReadOnlyList<NodeFigures> nodes, IReadOnlyList<BareFigures> bare) =>
        new()
        {
            Plan = "test",
            Machine = new BenchMachine(2, "x64", null, 0),
            Broker = "embedded",
            Nodes = nodes,
            Bare = bare,
            Steps = new Dictionary<string, double>(),
            Preprocess = [],
            Starts = [],
            Doctors = [],
            Soak = [],
            Peers = [],
            Missing = new Dictionary<string, string>(),
        };

    private static NodeFigures Run(string name, double fps) =>
        new()
        {
            Name = name,
            Cameras = 1,
            Engine = "onnx",
            Model = "m",
            Frames = 10,
            Seconds = 1,
            Fps = fps,
            Faces = 1,
            CpuMs = 1,
            BrokerCpuMs = 0,
            AllocatedBytes = 0,
            Collections = [0, 0, 0],
            Switches = 1,
            ResidentMb = 100,
            P50 = 1,
            P95 = 1,
            P99 = 1,
            WaitP50 = 0,
            InferenceP50 = 1,
            EndToEnd = [],
        };
}
