using FaceLandmark.Inference;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Tests.Pipeline;

public sealed class DispatchTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(DispatchMode.Cpu, "onnx")]
    [InlineData(DispatchMode.Drpai, "drpai")]
    [InlineData(DispatchMode.Failover, "drpai")]
    internal async Task Every_frame_goes_to_the_engine_that_the_mode_names(DispatchMode mode, string engine)
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = mode });
        await node.FeedAsync(50);
        Assert.Equal(Sequences(50).Select(i => (i, engine)), await node.FinishAsync());
        Assert.Equal([engine], node.Dispatch.Status.InUse);
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task With_compare_both_engines_tell_their_landmarks_of_every_frame_and_how_far_they_are_apart()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Compare });
        await node.FeedAsync(50);
        var results = await node.FinishAsync();
        Assert.Equal(Sequences(50).SelectMany(i => new[] { (i, "onnx"), (i, "drpai") }), results);
        Assert.Equal(50, node.Agreements.Count);
        Assert.All(node.Agreements, agreement => Assert.Equal(Math.Sqrt(2), agreement.MeanPx, 3));
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task With_compare_a_frame_that_one_engine_refuses_has_the_others_result()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Compare });
        node.Cpu.Refuses = true;
        await node.FeedAsync(20);
        Assert.Equal(Sequences(20).Select(i => (i, "drpai")), await node.FinishAsync());
        Assert.Empty(node.Agreements);
        Assert.Equal(0, node.Outstanding);
    }

    [Theory]
    [InlineData("onnx", "drpai")]
    [InlineData("drpai", "onnx")]
    public async Task With_compare_an_engine_that_gives_no_numbers_costs_no_result_of_the_other(string broken, string healthy)
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Compare });
        (broken == "onnx" ? node.Cpu : node.Drpai).GivesNaN = true;
        await node.FeedAsync(120); // more than end a node in which every frame fails
        Assert.Equal(Sequences(120).Select(i => (i, healthy)), await node.FinishAsync());
        Assert.Empty(node.Agreements);
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task With_compare_an_engine_that_hangs_holds_a_result_up_no_longer_than_the_window()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Compare, OrderWindow = s_soon });
        node.Drpai.Hang();
        node.Feed();
        Assert.Equal((1, "onnx"), await node.MeanwhileTimePassesAsync(node.NextAsync()));
        node.Drpai.Release();
        Assert.Empty(await node.FinishAsync());
    }

    [Fact]
    public async Task A_publisher_that_waits_for_its_disk_for_long_loses_no_frame()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Cpu, InFlight = 4 });
        var (publishes, runs) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var disk = new ManualResetEventSlim();
        node.Publishing = _ =>
        {
            publishes.TrySetResult();
            disk.Wait(Patience.Limit);
        };
        node.Cpu.OnRun = run => (run == 3 ? runs : null)?.SetResult();
        node.Feed();
        await publishes.Task.InTimeAsync();
        for (var i = 0; i < 500; i++)
            node.Time.Advance(TimeSpan.FromMilliseconds(50));
        await node.FeedAsync(2);
        await runs.Task.InTimeAsync();
        disk.Set();
        Assert.Equal(Sequences(3).Select(i => (i, "onnx")), await node.FinishAsync());
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task Switching_while_frames_flow_loses_and_reorders_none()
    {
        using var node = new TwoEngines(new DispatchOptions { InFlight = 4 });
        DispatchMode[] modes = [DispatchMode.Balance, DispatchMode.Failover, DispatchMode.Compare, DispatchMode.Drpai, DispatchMode.Cpu];
        var feeding = node.FeedAsync(500);
        var seen = new List<long>();
        for (var i = 0; seen.Count < 500; i++)
        {
            var (sequence, _) = await node.NextAsync();
            if (seen.Count == 0 || seen[^1] != sequence) // compare tells a frame twice
                seen.Add(sequence);
            if (i % 7 == 0)
                node.Dispatch.Mode = modes[i / 7 % modes.Length];
        }

        await feeding;
        await node.FinishAsync();
        Assert.Equal(Sequences(500), seen);
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task With_balance_a_frame_goes_to_the_engine_that_is_free()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Balance, Order = DispatchOrder.Completion });
        node.Cpu.Hang();
        await node.FeedAsync(6);
        for (var i = 0; i < 4; i++) // the CPU engine has two of them
            Assert.Equal("drpai", (await node.NextAsync()).Engine);
        node.Cpu.Release();
        Assert.Equal(2, (await node.FinishAsync()).Count);
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task Balance_is_as_fast_as_both_engines_together()
    {
        // One engine takes three units of time a frame, the other two. Time goes from the end of a run to the next one, and whoever has
        // ended a run begins another at that moment: in 120 units that makes 40 and 60 frames.
        const int Units = 120;
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Balance });
        var engines = new[] { new TimedRuns(node.Cpu, 3), new TimedRuns(node.Drpai, 2) };
        var feeding = node.FeedAsync(Units);
        foreach (var engine in engines)
            await engine.BeginAsync(now: 0);
        while (engines.Min(engine => engine.EndsAt) <= Units)
        {
            var engine = engines.MinBy(engine => engine.EndsAt)!;
            engine.End();
            await engine.BeginAsync(now: engine.EndsAt);
        }

        Assert.Equal([40, 60], engines.Select(engine => engine.Ended));
        foreach (var engine in engines)
            engine.LetGo();
        await feeding;
        await node.FinishAsync();
        foreach (var engine in engines)
            engine.Dispose();
    }

    [Fact]
    public async Task A_slow_engine_delays_the_fast_ones_results_no_longer_than_the_window_and_its_own_come_late_but_come()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Balance, OrderWindow = s_soon });
        node.Cpu.Hang();
        var feeding = node.FeedAsync(6);
        var early = new List<(long Sequence, string Engine)>();
        for (var i = 0; i < 4; i++)
            early.Add(await node.MeanwhileTimePassesAsync(node.NextAsync()));
        await feeding;
        node.Cpu.Release();
        var late = await node.FinishAsync();
        Assert.All(early, result => Assert.Equal("drpai", result.Engine));
        Assert.Equal(early.Order(), early);
        Assert.All(late, result => Assert.Equal("onnx", result.Engine));
        Assert.Equal(Sequences(6), early.Concat(late).Select(result => result.Sequence).Order());
    }

    [Theory]
    [Trait("Category", "reliability")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_failover_no_frame_of_a_failing_engine_is_lost_and_it_comes_back(bool byNaN)
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Failover, ProbeEvery = s_soon });
        var changes = new SemaphoreSlim(0);
        node.Dispatch.Changed += () => changes.Release();
        await FeedAndReadAsync(node, 5, "drpai");

        (node.Drpai.Refuses, node.Drpai.GivesNaN) = (!byNaN, byNaN);
        await FeedAndReadAsync(node, 5, "onnx");
        Assert.True(await changes.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(["onnx"], node.Dispatch.Status.InUse);
        Assert.Contains(byNaN ? "NaN" : "drpai is broken", node.Dispatch.Status.Failed, StringComparison.Ordinal);

        (node.Drpai.Refuses, node.Drpai.GivesNaN) = (false, false);
        await FeedUntilBackAsync(node);
        Assert.Null(node.Dispatch.Status.Failed);
        await node.FinishAsync();
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task With_failover_a_hanging_engine_is_given_up_and_its_frames_get_their_result_in_order()
    {
        using var node = new TwoEngines(
            new DispatchOptions
            {
                Mode = DispatchMode.Failover,
                SlowAfter = s_soon,
                ProbeEvery = s_soon,
            }
        );
        await FeedAndReadAsync(node, 5, "drpai");
        node.Drpai.Hang();
        await FeedAndReadAsync(node, 20, "onnx", timePasses: true);
        Assert.Contains("no result within 0.1 s", node.Dispatch.Status.Failed, StringComparison.Ordinal);

        node.Drpai.Release();
        await FeedUntilBackAsync(node);
        await node.FinishAsync();
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task An_engine_that_hangs_for_good_does_not_hold_up_the_end()
    {
        using var node = new TwoEngines(new DispatchOptions { Mode = DispatchMode.Failover, SlowAfter = s_soon });
        node.Drpai.Hang();
        var end = Task.Run(async () =>
        {
            await node.FeedAsync(10);
            return await node.FinishAsync();
        });
        Assert.Equal(Sequences(10), (await node.MeanwhileTimePassesAsync(end)).Select(result => result.Sequence));
    }

    [Theory]
    [InlineData(DispatchMode.Drpai)]
    [InlineData(DispatchMode.Balance)]
    [InlineData(DispatchMode.Compare)]
    [InlineData(DispatchMode.Failover)]
    internal async Task A_mode_that_needs_an_absent_engine_is_refused_and_nothing_changes(DispatchMode mode)
    {
        using var node = new TwoEngines(new DispatchOptions(), hasDrpai: false);
        var refusal = Assert.Throws<EngineException>(() => node.Dispatch.Mode = mode);
        Assert.Contains("Engines:DrpAi:Device", refusal.Message, StringComparison.Ordinal);
        await FeedAndReadAsync(node, 3, "onnx");
        Assert.Equal(DispatchMode.Cpu, node.Dispatch.Mode);
        await node.FinishAsync();
    }

    /// <summary>An engine whose runs end when they are told to.</summary>
    private sealed class TimedRuns : IDisposable
    {
        private readonly SemaphoreSlim _begun = new(0);
        private readonly SemaphoreSlim _ended = new(0);
        private readonly int _takes;
        private volatile bool _isFree;

        public TimedRuns(StubEngine engine, int takes)
        {
            _takes = takes;
            engine.OnRun = _ =>
            {
                _begun.Release();
                if (!_isFree)
                    _ended.Wait();
            };
        }

        public int EndsAt { get; private set; }

        public int Ended { get; private set; }

        public async Task BeginAsync(int now)
        {
            await _begun.WaitAsync().InTimeAsync("an engine begins its next run");
            EndsAt = now + _takes;
        }

        public void End()
        {
            _ended.Release();
            Ended++;
        }

        public void LetGo()
        {
            _isFree = true;
            _ended.Release();
        }

        public void Dispose()
        {
            _begun.Dispose();
            _ended.Dispose();
        }
    }

    private static IEnumerable<long> Sequences(int count) => Enumerable.Range(1, count).Select(i => (long)i);

    private static async Task FeedAndReadAsync(TwoEngines node, int frames, string engine, bool timePasses = false)
    {
        long last = 0;
        var feeding = node.FeedAsync(frames);
        for (var i = 0; i < frames; i++)
        {
            var (sequence, by) = await (timePasses ? node.MeanwhileTimePassesAsync(node.NextAsync()) : node.NextAsync());
            Assert.Equal(engine, by);
            Assert.True(last == 0 || sequence == last + 1, $"{sequence} came after {last}");
            last = sequence;
        }

        await feeding;
    }

    private static async Task FeedUntilBackAsync(TwoEngines node)
    {
        using var limit = Patience.NewLimit();
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            node.Time.Advance(s_soon);
            node.Feed();
        } while ((await node.NextAsync()).Engine != "drpai");
    }
}
