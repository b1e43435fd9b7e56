using FaceLandmark.Pipeline;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>The dispatch between the CPU, the DRP-AI and an inference server.</summary>
public sealed class ThreeEnginesTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task With_remote_every_frame_goes_to_the_server()
    {
        using var node = Open(new DispatchOptions { Mode = DispatchMode.Remote });
        await node.FeedAsync(20);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => ((long)i, "remote")), await node.FinishAsync());
        Assert.Equal(["remote"], node.Dispatch.Status.InUse);
    }

    [Theory]
    [InlineData("drpai,remote,cpu", "drpai remote onnx")]
    [InlineData("remote,drpai,cpu", "remote drpai onnx")]
    [InlineData("remote,cpu", "remote onnx onnx")]
    [InlineData("cpu,remote", "onnx onnx onnx")]
    public async Task Failover_goes_down_the_configured_order_and_comes_back(string prefer, string order)
    {
        using var node = Open(new DispatchOptions { Mode = DispatchMode.Failover, Prefer = prefer, ProbeEvery = s_soon });
        var engines = order.Split(' ');
        Assert.Equal((1, engines[0]), await NextAsync(node));
        foreach (var engine in new[] { node.Drpai, node.Remote })
            engine.Refuses = engine.Info.Name == engines[0];
        Assert.Equal((2, engines[1]), await NextAsync(node));
        (node.Drpai.Refuses, node.Remote.Refuses) = (true, true);
        Assert.Equal((3, engines[2]), await NextAsync(node));
        Assert.Equal([engines[2]], node.Dispatch.Status.InUse);
        Assert.Equal(engines[0] == "onnx", node.Dispatch.Status.Failed is null);

        (node.Drpai.Refuses, node.Remote.Refuses) = (false, false);
        using var limit = Patience.NewLimit();
        while (node.Dispatch.Status.InUse[0] != engines[0])
        {
            limit.Token.ThrowIfCancellationRequested();
            node.Time.Advance(s_soon);
            await NextAsync(node);
        }

        Assert.Null(node.Dispatch.Status.Failed);
        await node.FinishAsync();
        Assert.Equal(0, node.Outstanding);
    }

    [Fact]
    public async Task An_engine_that_hangs_is_left_for_the_next_and_the_last_one_is_waited_for()
    {
        using var node = Open(new DispatchOptions { Mode = DispatchMode.Failover, SlowAfter = s_soon });
        node.Drpai.Hang();
        node.Remote.Hang();
        node.Feed();
        Assert.Equal((1, "onnx"), await node.MeanwhileTimePassesAsync(node.NextAsync()));
        var failed = node.Dispatch.Status.Failed;
        Assert.Equal("drpai: it gave no result within 0.1 s; remote: it gave no result within 0.1 s", failed);
        node.Drpai.Release();
        node.Remote.Release();
        Assert.Empty(await node.FinishAsync());
    }

    [Fact]
    public async Task With_balance_all_three_work_at_once()
    {
        using var begun = new SemaphoreSlim(0);
        using var node = Open(new DispatchOptions { Mode = DispatchMode.Balance });
        foreach (var engine in new[] { node.Cpu, node.Drpai, node.Remote })
        {
            engine.Hang();
            engine.OnRun = _ => begun.Release();
        }

        var feeding = node.FeedAsync(3);
        for (var i = 0; i < 3; i++)
            await begun.WaitAsync(TestContext.Current.CancellationToken).InTimeAsync("an engine has work");
        Assert.Equal((1, 1, 1), (node.Cpu.Runs, node.Drpai.Runs, node.Remote.Runs));
        foreach (var engine in new[] { node.Cpu, node.Drpai, node.Remote })
            engine.Release();
        await feeding;
        Assert.Equal([1L, 2, 3], (await node.FinishAsync()).Select(result => result.Sequence));
    }

    [Fact]
    public async Task With_compare_the_two_preferred_are_compared()
    {
        using var node = Open(new DispatchOptions { Mode = DispatchMode.Compare, Prefer = "remote,cpu,drpai" });
        node.Feed();
        Assert.Equal([(1L, "onnx"), (1L, "remote")], await node.FinishAsync());
        Assert.Equal(2 * Math.Sqrt(2), Assert.Single(node.Agreements).MeanPx, 3);
        Assert.Equal(0, node.Drpai.Runs);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("cpu,cpu", null)]
    [InlineData("gpu", null)]
    [InlineData(" Remote , CPU", "Remote Cpu")]
    public void The_preferred_engines_are_read_from_their_words(string prefer, string? engines)
    {
        var read = new DispatchOptions { Prefer = prefer }.Preferred();
        Assert.Equal(engines, read is null ? null : string.Join(' ', read));
    }

    [Theory]
    [InlineData(DispatchMode.Remote, "cpu drpai", "an inference server, but Engines:Remote:Url is empty")]
    [InlineData(DispatchMode.Drpai, "cpu remote", "the DRP-AI, but this node has none")]
    [InlineData(DispatchMode.Balance, "cpu", "two engines of Dispatch:Prefer (drpai,remote,cpu), but this node has only cpu")]
    [InlineData(DispatchMode.Failover, "cpu remote", null)]
    internal void What_a_mode_lacks_is_named(DispatchMode mode, string engines, string? lack)
    {
        var there = engines.Split(' ').Select(word => Enum.Parse<DispatchMode>(word, ignoreCase: true)).ToList();
        var refusal = Dispatcher.Refusal(mode, new DispatchOptions(), there);
        Assert.Equal(lack is null, refusal is null);
        Assert.Contains(lack ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    private static TwoEngines Open(DispatchOptions options) => new(options, hasRemote: true);

    private static async Task<(long, string)> NextAsync(TwoEngines node)
    {
        node.Feed();
        return await node.NextAsync();
    }
}
