using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

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
        var (oldParts, newParts) = (Parts("old", 0.25f), Parts("new", 0.75f));
        using var network = new SwitchableNetwork(oldParts.Preprocessor, oldParts.Engine);
        using var underWay = new FaceTensor(32, 98);
        using var other = new FaceTensor(32, 98);
        network.Prepare(_frame, s_whole, underWay);
        network.Prepare(_frame, s_whole, other);
        network.Run(other);
        Assert.Equal(0.25f, other.Output[0]);

        network.Replace(newParts.Preprocessor, newParts.Engine);
        Assert.Equal("new", network.Info.Model.Name);
        network.Run(underWay);
        Assert.Equal(0.25f, underWay.Output[0]);
        network.Prepare(_frame, s_whole, other);
        network.Run(other);
        Assert.Equal(0.75f, other.Output[0]);
    }

    [Fact]
    public void Switching_often_while_tensors_stay_in_use_is_safe()
    {
        var (preprocessor, engine) = Parts("0", 0);
        using var network = new SwitchableNetwork(preprocessor, engine);
        using var tensor = new FaceTensor(32, 98);
        using var seldom = new FaceTensor(32, 98);
        for (var i = 1; i <= 20; i++)
        {
            var next = Parts($"{i}", i / 32f);
            network.Replace(next.Preprocessor, next.Engine);
            network.Prepare(_frame, s_whole, tensor);
            network.Run(tensor);
            Assert.Equal(i / 32f, tensor.Output[0]);
            if (i % 7 != 0)
                continue;
            network.Prepare(_frame, s_whole, seldom);
            network.Run(seldom);
            Assert.Equal(i / 32f, seldom.Output[0]);
        }
    }

    [Fact]
    public void A_network_of_other_shapes_is_refused_and_the_old_one_stays()
    {
        var (preprocessor, engine) = Parts("old", 0.5f);
        using var network = new SwitchableNetwork(preprocessor, engine);
        var wider = Parts("wide", 0.5f, size: 48);
        var refusal = Assert.Throws<EngineException>(() => network.Replace(wider.Preprocessor, wider.Engine));
        Assert.Contains("takes 48 pixels and gives 98 points, the one in use 32 and 98", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("old", network.Info.Model.Name);
        wider.Engine.Dispose();
        wider.Preprocessor.Dispose();
    }

    private (IPreprocessor Preprocessor, ILandmarkEngine Engine) Parts(string name, float value, int size = 32)
    {
        new TinyOnnx(size, Enumerable.Repeat(value, 2 * 98).ToArray()).Save(Path.Combine(_folder, name + ".onnx"));
        var card = new ModelCard { Name = name, File = name + ".onnx", Folder = _folder, InputSize = size };
        return (new CpuPreprocessor(card), new OnnxEngine(card, new OnnxOptions { Threads = 1 }));
    }
}
