using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Inference;

public sealed class OnnxEngineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_bound_tensor_gives_the_networks_output_every_time()
    {
        var bias = TinyOnnx.Circle(98);
        using var engine = Open(new TinyOnnx(64, bias), size: 64);
        using var tensor = new FaceTensor(64, 98);
        for (var i = 0; i < 3; i++)
        {
            tensor.Output.Clear();
            engine.Run(tensor);
            Assert.Equal(bias, tensor.Output.ToArray());
        }

        Assert.True(float.IsNaN(tensor.Presence), "A network without the output gives no opinion on presence.");
    }

    [Fact]
    public void Running_allocates_next_to_nothing()
    {
        using var engine = Open(new TinyOnnx(64, TinyOnnx.Circle(98)), size: 64);
        using var tensor = new FaceTensor(64, 98);
        engine.Run(tensor);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            engine.Run(tensor);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 256);
    }

    [Fact]
    public void Other_sizes_and_numbers_of_points_load()
    {
        using var engine = Open(new TinyOnnx(128, TinyOnnx.Circle(68)), size: 128, landmarks: 68);
        using var tensor = new FaceTensor(128, 68);
        engine.Run(tensor);
        Assert.Equal(136, tensor.Output.Length);
        Assert.NotEqual(0, tensor.Output[^1]);
    }

    [Fact]
    public void A_missing_file_is_named() => Refused(() => new OnnxEngine(Card(256, 98), new OnnxOptions()), "model.onnx is missing");

    [Fact]
    public void A_file_that_is_no_model_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "model.onnx"), "not a model");
        Refused(() => new OnnxEngine(Card(256, 98), new OnnxOptions()), "is not a model that ONNX Runtime can load");
    }

    [Fact]
    [Trait("Category", "reliability")]
    public void A_model_of_another_shape_is_refused_with_what_was_expected_and_found() =>
        Refused(
            () => Open(new TinyOnnx(64, TinyOnnx.Circle(98), channels: 1), size: 64),
            "expected one float32 input 1x3xSxS and a float32 output 1xNx2, found input0 Single 1x1x64x64"
        );

    [Fact]
    public void A_card_that_does_not_fit_its_weights_is_refused() =>
        Refused(
            () => Open(new TinyOnnx(64, TinyOnnx.Circle(98)), size: 256),
            "takes 64x64 and gives 98 points, but its card says 256x256 and 98"
        );

    private static void Refused(Func<object> load, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<EngineException>(load).Message, StringComparison.Ordinal);

    private OnnxEngine Open(TinyOnnx model, int size, int landmarks = 98)
    {
        model.Save(Path.Combine(_folder, "model.onnx"));
        return new OnnxEngine(Card(size, landmarks), new OnnxOptions());
    }

    private ModelCard Card(int size, int landmarks) =>
        new()
        {
            Name = "tiny",
            File = "model.onnx",
            Folder = _folder,
            InputSize = size,
            Landmarks = landmarks,
        };
}
