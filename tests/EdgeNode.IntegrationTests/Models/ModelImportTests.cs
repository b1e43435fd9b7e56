using System.Runtime.InteropServices;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Import;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Postprocess;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Models;

public sealed class ModelImportTests(Checkpoints checkpoints) : IClassFixture<Checkpoints>, IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("resnet18-mmpose", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-traced", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-old", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-channels-last-68", "deeppose-resnet18", "iBUG-68")]
    [InlineData("resnet34-float16", "deeppose-resnet34", "WFLW-98")]
    [InlineData("resnet50-bfloat16", "deeppose-resnet50", "WFLW-98")]
    [InlineData("resnet101", "deeppose-resnet101", "LaPa-106")]
    [InlineData("resnet18-everything-2", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-everything-3", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-everything-4", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-everything-5", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-everything-old", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-state-of-a-class", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-parameters", "deeppose-resnet18", "WFLW-98")]
    [InlineData("resnet18-safetensors", "deeppose-resnet18", "WFLW-98")]
    public async Task An_imported_checkpoint_gives_the_answer_of_PyTorch(string checkpoint, string model, string landmarkSet)
    {
        var card = Import(checkpoint);

        Assert.Equal((model, landmarkSet), (card.Name, card.LandmarkSet));
        AssertAnswer(new ModelCatalogue(new ModelsOptions { Folder = _folder }).Find(model), checkpoint, Tolerance);
        await Checkpoints.PythonAsync(
            "-c",
            "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)",
            card.Path
        );
    }

    [Fact]
    public void Weights_stored_as_float16_take_half_the_file_and_stay_close_to_the_answer()
    {
        var whole = new FileInfo(Import("resnet18-mmpose").Path).Length;

        var card = Import("resnet18-mmpose", new ImportOptions("halves", Checkpoints.Size, Halves: true));

        Assert.InRange(new FileInfo(card.Path).Length, 0.49 * whole, 0.51 * whole);
        AssertAnswer(card, "resnet18-mmpose", 10 * Tolerance);
    }

    [Fact]
    public void The_messages_of_a_model_of_68_points_say_so()
    {
        var card = Import("resnet18-channels-last-68");
        using var lane = EngineFactory.OpenLane(card, new EnginesOptions(), TimeProvider.System);
        using var locator = new FixedLocator { Region = new Region(0, 0, 256, 256) };
        using var pool = new FramePool();
        byte[] message = [];

        new StillAnalyzer(locator, lane, new PostprocessOptions(), new LocateOptions().MaxFaces, TimeProvider.System).Analyze(
            PictureFile.Decode(ProgramFiles.Find("assets/demo/sample1.jpg"), pool),
            work => message = Publish.Samples.Landmarks(work)
        );

        var face = JsonDocument.Parse(message).RootElement.GetProperty("faces")[0];
        Assert.Equal("iBUG-68", face.GetProperty("landmarkSet").GetString());
        Assert.Equal(68, face.GetProperty("points").GetArrayLength());
    }

    [Fact]
    public void Another_network_is_refused_with_what_was_expected_and_what_was_found()
    {
        var refusal = Assert.Throws<ModelException>(() => Import("mobilenet"));

        Assert.Contains("expected one ResNet", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("found features.0.0.weight", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_module_is_refused_by_the_name_of_its_class()
    {
        var refusal = Assert.Throws<ModelException>(() => Import("whole-module"));

        Assert.Contains("'__main__.DeepPose'", refusal.Message, StringComparison.Ordinal);
    }

    private ModelCard Import(string checkpoint, ImportOptions? options = null) =>
        ModelImport.Run(
            checkpoints[checkpoint],
            checkpoint,
            new ModelCatalogue(new ModelsOptions { Folder = _folder }),
            options ?? new ImportOptions(Size: Checkpoints.Size),
            TestContext.Current.CancellationToken
        );

    private void AssertAnswer(ModelCard card, string checkpoint, float tolerance)
    {
        using var engine = new OnnxEngine(card, new OnnxOptions { Threads = 1 });
        using var tensor = new FaceTensor(card.InputSize, card.Landmarks);
        Floats(checkpoints.Input).CopyTo(tensor.Input);
        engine.Run(tensor);
        var expected = Floats(checkpoints.AnswerTo(checkpoint));
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(tensor.Output[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    private static ReadOnlySpan<float> Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path));
}
