using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;
using FaceLandmark.Tests.Pipeline;

namespace FaceLandmark.Tests.Inference;

/// <summary>Real networks, told apart by the points they give.</summary>
public sealed class SwitchableNetworkTests : IDisposable
{
    private static readonly Region s_whole = new(0, 0, 64, 64);
    private readonly string _folder = Directory.CreateTempSubdirectory("models-").FullName;
    private readonly FramePool _pool = new();
    private readonly Frame _frame;

    public SwitchableNetworkTests()
    {
        _frame = _pool.Rent(64, 64, PixelLayout.Bgr);
        _frame.Data.Fill(100);
    }

    public void Dispose()
    {
        _frame.Dispose();
        _pool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_the_old_network_prepared_it_infers_and_the_next_frame_is_the_new_ones()
    {
        using var network = new SwitchableNetwork(Network("old", 0.25f));
        var underWay = network.Lease();
        var tensor = underWay.Rent();
        underWay.Prepare(_frame, s_whole, tensor);
        Assert.Equal(0.25f, Infer(network));

        network.Replace(Network("new", 0.75f));
        Assert.Equal("new", network.Info.Model.Name);
        underWay.Run(tensor);
        Assert.Equal(("old", 0.25f), (underWay.Info.Model.Name, tensor.Output[0]));
        Assert.Equal(0.75f, Infer(network));
        underWay.Return(tensor);
        underWay.Release();
    }

    [Fact]
    public async Task A_network_is_never_asked_for_more_at_once_than_it_can()
    {
        var engine = new StubEngine("one", 0.5f);
        using var network = new LandmarkNetwork(new NoPreprocessor(), engine);
        var isOpen = false;
        engine.OnRun = run => Assert.True(run == 1 || isOpen, "It infers two at once.");
        engine.Hang();
        var first = Task.Run(() => network.RunAsync(network.Rent()), TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => engine.Runs == 1);
        var second = network.RunAsync(network.Rent());
        Assert.False(second.IsCompleted);
        isOpen = true;
        engine.Release();
        await Task.WhenAll(first, second).InTimeAsync();
        Assert.Equal(2, engine.Runs);
    }

    [Fact]
    public async Task The_old_network_goes_with_its_last_frame_and_not_before()
    {
        var ended = new TaskCompletionSource();
        using var network = new SwitchableNetwork(new LandmarkNetwork(new Ending(ended), Parts("old", 0.25f).Engine));
        var (first, second) = (network.Lease(), network.Lease());
        network.Replace(Network("new", 0.75f));
        first.Release();
        Assert.False(ended.Task.IsCompleted);
        second.Release();
        await ended.Task.InTimeAsync();
        Assert.Contains(
            "closed",
            Assert.Throws<EngineException>(() => second.Run(new FaceTensor(32, 98))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Switching_while_frames_flow_is_safe()
    {
        using var network = new SwitchableNetwork(Network("0", 0));
        using var end = new CancellationTokenSource();
        var frames = Task.Run(
            () =>
            {
                for (var last = 0f; !end.IsCancellationRequested;)
                {
                    var value = Infer(network);
                    Assert.True(value >= last && value * 32 == MathF.Round(value * 32));
                    last = value;
                }
            },
            CancellationToken.None
        );
        for (var i = 1; i <= 20; i++)
            network.Replace(Network($"{i}", i / 32f));
        await end.CancelAsync();
        await frames.InTimeAsync();
        Assert.Equal(20 / 32f, Infer(network));
    }

    [Fact]
    public void A_network_of_other_shapes_is_refused_and_the_old_one_stays()
    {
        using var network = new SwitchableNetwork(Network("old", 0.5f));
        using var wider = Network("wide", 0.5f, size: 48);
        var refusal = Assert.Throws<EngineException>(() => network.Replace(wider));
        Assert.Contains(
            "takes 48 pixels and gives 98 points, but the one in use takes 32 and gives 98",
            refusal.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("old", network.Info.Model.Name);
    }

    private float Infer(SwitchableNetwork network)
    {
        var leased = network.Lease();
        var tensor = leased.Rent();
        leased.Prepare(_frame, s_whole, tensor);
        leased.Run(tensor);
        var value = tensor.Output[0];
        leased.Return(tensor);
        leased.Release();
        return value;
    }

    private LandmarkNetwork Network(string name, float value, int size = 32)
    {
        var (preprocessor, engine) = Parts(name, value, size);
        return new LandmarkNetwork(preprocessor, engine);
    }

    private (IPreprocessor Preprocessor, ILandmarkEngine Engine) Parts(string name, float value, int size = 32)
    {
        new TinyOnnx(size, Enumerable.Repeat(value, 2 * 98).ToArray()).Save(Path.Combine(_folder, name + ".onnx"));
        var card = new ModelCard
        {
            Name = name,
            File = name + ".onnx",
            Folder = _folder,
            InputSize = size,
        };
        return (new CpuPreprocessor(card), new OnnxEngine(card, new OnnxOptions { Threads = 1 }));
    }

    /// <summary>Pre-processing that says when it is disposed of.</summary>
    private sealed class Ending(TaskCompletionSource ended) : IPreprocessor
    {
        public void Prepare(Frame frame, Region region, FaceTensor tensor) => throw new NotSupportedException();

        public void Dispose() => ended.SetResult();
    }
}
