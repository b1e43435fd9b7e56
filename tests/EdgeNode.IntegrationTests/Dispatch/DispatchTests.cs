namespace FaceLandmark.Tests.Dispatch;

[Collection(Alone.Name)]
public sealed class DispatchTests
{
    [Fact]
    public async Task On_photographs_the_emulated_DRP_AI_agrees_with_the_CPU_and_says_what_it_is()
    {
        // A folder, so that a busy machine compares the same frames as a quiet one.
        var folder = Path.Combine(AppContext.BaseDirectory, "assets", "demo");
        await using var node = await DispatchedNode.StartAsync("compare", ("Cameras:0:Source", folder));
        var report = await node.RunAsync(frames: null);

        var pictures = Directory.GetFiles(folder, "*.jpg").Length;
        var compared = node.On("compare");
        Assert.Equal(pictures, compared.Count);
        var window = compared[^1].GetProperty("window");
        Assert.True(window.GetProperty("faces").GetInt32() >= 20);
        Assert.InRange(window.GetProperty("meanPercent").GetDouble(), 1e-6, 0.4); // it rounds, so that it cannot be equal
        Assert.InRange(window.GetProperty("maxPercent").GetDouble(), 1e-6, 4); // of single points, a profile among them

        var landmarks = node.On("landmarks");
        Assert.Equal(2 * pictures, landmarks.Count);
        Assert.All(
            landmarks,
            message =>
                Assert.Equal(
                    message.GetProperty("engine").GetString() == "drpai",
                    message.GetProperty("device").GetProperty("emulated").GetBoolean()
                )
        );
        Assert.Equal("onnx, drpai (emulated)", report.Engine);
    }

    [Fact]
    [Trait("Category", "reliability")]
    public async Task Killing_the_accelerator_under_failover_loses_no_frame_and_it_comes_back()
    {
        MortalEngine? engine = null;
        await using var node = await DispatchedNode.StartAsync("failover");
        var isBack = false;
        var (drpai, cpu) = (0, 0);
        node.OnLandmarks = message =>
        {
            var isDrpai = message.GetProperty("engine").GetString() == "drpai";
            drpai += isDrpai ? 1 : 0;
            cpu += isDrpai ? 0 : 1;
            if (isDrpai && drpai == 5)
                engine!.IsDead = true;
            if (!isDrpai && cpu == 20)
                engine!.IsDead = false;
            isBack |= cpu >= 20 && isDrpai;
        };
        var report = await node.RunAsync(frames: 120, inner => engine = new MortalEngine(inner));

        Assert.Equal(120, report.Frames);
        Assert.Equal(120, report.Published);
        Assert.DoesNotContain("infer", report.Dropped.Keys);
        Assert.True(isBack);
        var sequences = node.On("landmarks").Select(message => message.GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(sequences.Distinct().Order(), sequences);

        var states = node.On("info")
            .Where(info => info.TryGetProperty("dispatch", out _))
            .Select(info => info.GetProperty("dispatch"))
            .ToList();
        Assert.Contains(
            states,
            state =>
                state.GetProperty("inUse")[0].GetString() == "onnx"
                && state.GetProperty("failed").GetString() == "the accelerator was killed"
        );
        Assert.Equal("drpai", states[^1].GetProperty("inUse")[0].GetString());
        Assert.Equal([302, 303], node.Log.GetSnapshot().Select(record => record.Id.Id).Where(id => id is 302 or 303));
    }

    [Fact]
    public async Task When_the_files_end_every_frame_under_way_is_finished_however_long_that_takes()
    {
        var photographs = Path.Combine(AppContext.BaseDirectory, "assets", "demo");
        await using var node = await DispatchedNode.StartAsync("drpai", ("Cameras:0:Source", photographs), ("Node:DrainFor", "100ms"));
        var report = await node.RunAsync(frames: null, inner => new SlowEngine(inner, TimeSpan.FromMilliseconds(150)));
        Assert.Equal((6, 6), (report.Frames, node.On("landmarks").Count));
    }
}
