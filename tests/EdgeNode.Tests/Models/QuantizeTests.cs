using FaceLandmark.Capture;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Import;
using FaceLandmark.Models.Quantize;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using FaceLandmark.Tests.Inference;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Tests.Models;

public sealed class QuantizeTests : IDisposable
{
    private const int Size = 64;
    private static readonly string s_photographs = ProgramFiles.Find("assets/demo");

    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-quantize-").FullName;
    private readonly ModelCatalogue _catalogue;
    private readonly ModelCard _card;

    public QuantizeTests()
    {
        _catalogue = new ModelCatalogue(new ModelsOptions { Folder = _folder });
        var checkpoint = Path.Combine(_folder, "net.pth");
        File.WriteAllBytes(checkpoint, new CheckpointWriter(16).ToArray());
        _card = ModelImport.Run(checkpoint, "a test", _catalogue, new ImportOptions("net", Size), TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Eight_bits_give_nearly_the_points_of_float32()
    {
        var quantized = Quantize(new QuantizeOptions(), _card with { Sha256 = null });

        var (exact, near) = (Outputs(_card), Outputs(quantized));
        var spread = exact.SelectMany(points => points).Max() - exact.SelectMany(points => points).Min();
        Assert.True(exact.Count >= 3, "too few faces were found for this to say anything");
        for (var i = 0; i < exact.Count; i++)
        {
            for (var k = 0; k < exact[i].Length; k++)
                Assert.InRange(near[i][k], exact[i][k] - (0.02f * spread), exact[i][k] + (0.02f * spread));
        }

        Assert.NotEqual(exact[0], near[0]);
    }

    // x86-64 without VNNI adds two products in 16 bits; OldProcessorTests runs what is shipped on such processors.
    [Fact]
    public void Two_products_with_the_largest_weights_fit_sixteen_bits()
    {
        var weights = OnnxModel
            .Read(Quantize(new QuantizeOptions()).Path)
            .Graph.Initializers.Where(constant => constant.Name.EndsWith(QdqGraph.WeightSuffix, StringComparison.Ordinal))
            .Select(constant => constant.Raw.Max(weight => Math.Abs((int)(sbyte)weight)))
            .ToList();

        Assert.True(weights.Count >= 12, "The network has 12 convolutions.");
        Assert.All(weights, most => Assert.InRange(2 * byte.MaxValue * most, 1, short.MaxValue));
    }

    [Fact]
    public void OnnxRuntime_runs_every_convolution_and_sum_in_eight_bits()
    {
        var (before, after) = (Operations(_card), Operations(Quantize(new QuantizeOptions())));

        Assert.Equal(0, after.GetValueOrDefault("Conv"));
        Assert.Equal(0, after.GetValueOrDefault("Add"));
        Assert.Equal(12, after["QLinearConv"]);
        Assert.Equal(12, before.GetValueOrDefault("Conv") + before.GetValueOrDefault("FusedConv"));
        Assert.Equal(4, after["QLinearAdd"]);
    }

    [Fact]
    public void First_and_last_layers_stay_in_float32_when_asked_to()
    {
        var operations = Operations(Quantize(new QuantizeOptions(FloatFirst: true, FloatLast: true)));

        Assert.Equal(11, operations["QLinearConv"]);
        Assert.Equal(1, operations.GetValueOrDefault("Conv") + operations.GetValueOrDefault("FusedConv"));
        Assert.Equal(1, operations["Gemm"]);
        Assert.Equal(1, operations["GlobalAveragePool"]);
    }

    [Fact]
    public void The_second_output_stays()
    {
        var card = _card with { Sha256 = null }; // its weights change
        var model = OnnxModel.Read(card.Path);
        model.Graph.Initializers.Add(OnnxTensor.Of("presence.weight", [1, 16], [.. Enumerable.Range(0, 16).Select(i => i / 16f)]));
        model.Graph.Initializers.Add(OnnxTensor.Of("presence.bias", [1], [0.25f]));
        model.Graph.Nodes.Add(
            new OnnxNode("Gemm", ["flatten", "presence.weight", "presence.bias"], "presence", new OnnxAttribute("transB", 1))
        );
        model.Graph.Outputs.Add(new OnnxValue("presence", 1, 1));
        model.Write(card.Path);

        var quantized = Quantize(new QuantizeOptions(), card);

        var (exact, near) = (Presence(card), Presence(quantized));
        Assert.InRange(near, exact - 0.1f - (0.05f * MathF.Abs(exact)), exact + 0.1f + (0.05f * MathF.Abs(exact)));
        Assert.NotEqual(0.25f, near);
    }

    [Fact]
    public void Weights_stored_as_float16_are_quantised_too()
    {
        var halves = Import("halves", halves: true);

        Assert.Equal(12, Operations(Quantize(new QuantizeOptions(), halves))["QLinearConv"]);
    }

    [Fact]
    public void The_card_of_the_eight_bit_model_says_what_it_is()
    {
        var card = _catalogue.Find(Quantize(new QuantizeOptions()).Name);

        Assert.Equal(("net-int8", Size, CheckpointWriter.Landmarks), (card.Name, card.InputSize, card.Landmarks));
        Assert.StartsWith("net in 8 bits", card.Description, StringComparison.Ordinal);
        WeightsFile.Verify(card);
    }

    [Fact]
    public void A_network_without_convolutions_is_refused()
    {
        new TinyOnnx(Size, TinyOnnx.Circle(98)).Save(Path.Combine(_folder, "tiny.onnx"));

        var refusal = Assert.Throws<ModelException>(() =>
            Quantize(new QuantizeOptions(), _catalogue.Find(Path.Combine(_folder, "tiny.onnx")))
        );

        Assert.Contains("nothing to quantise", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rare_extreme_is_cut_off_where_that_makes_the_steps_finer()
    {
        var values = Enumerable.Range(0, 1_000_000).Select(i => i / 1_000_000f).Append(4f).ToArray();
        var histogram = new ValueHistogram();
        histogram.Widen(values);
        histogram.Count(values);

        var range = histogram.BestRange(RangeError.Squared);

        Assert.Equal(0, range.Zero);
        Assert.InRange(range.Scale * 255, 0.95f, 3f);
    }

    [Fact]
    public void The_error_itself_cuts_off_more_than_its_square()
    {
        // One value in a thousand is up to ten times as large as the others.
        var values = Enumerable.Range(0, 100_000).Select(i => i / 100_000f * (i % 1000 == 0 ? 10 : 1)).ToArray();
        var histogram = new ValueHistogram();
        histogram.Widen(values);
        histogram.Count(values);
        Assert.True(histogram.BestRange(RangeError.Absolute).Scale < 0.8f * histogram.BestRange(RangeError.Squared).Scale);
    }

    [Fact]
    public void Of_two_versions_the_one_is_taken_whose_points_lie_nearer()
    {
        var model = OnnxModel.Read(_card.Path);
        var spoiled = ModelQuantizer.Copy(model);
        var weights = spoiled.Graph.Initializers.Last(tensor => tensor.Type == OnnxType.Float32);
        spoiled.Graph.Initializers.Remove(weights);
        spoiled.Graph.Initializers.Add(
            OnnxTensor.Of(weights.Name, weights.Shape, [.. weights.ToFloats().Select(value => value + 0.1f)])
        );
        using var picture = new FaceTensor(_card.InputSize, _card.Landmarks);
        picture.Input.Fill(0.3f);
        foreach (var (versions, nearest) in new[] { (new[] { spoiled, model }, 1), ([model, spoiled], 0) })
        {
            using var check = new AnswerCheck(model, versions, _card.Landmarks);
            check.Compare(picture);
            Assert.Equal(nearest, check.Nearest);
        }
    }

    [Fact]
    public void One_odd_picture_does_not_widen_the_steps_of_all()
    {
        var usual = Enumerable.Range(0, 1000).Select(i => i / 1000f).ToArray();
        var odd = usual.Select(value => 100 * value).ToArray();
        float[][] pictures = [.. Enumerable.Repeat(usual, 20), odd];
        var histogram = new ValueHistogram();
        foreach (var picture in pictures)
            histogram.Widen(picture);
        foreach (var picture in pictures)
            histogram.Count(picture);

        Assert.InRange(histogram.BestRange(RangeError.Squared).Scale * 255, 0.5f, 3f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_follows_from_the_float_weights_is_left_out_and_restored_to_the_bit(bool halves)
    {
        var source = halves ? Import("halves", halves: true) : _card;
        var quantized = Quantize(new QuantizeOptions(FloatFirst: halves), source);
        var (before, thin) = (File.ReadAllBytes(quantized.Path), quantized.Path + WeightsFile.Thin);

        Assert.True(ThinWeights.Thin(quantized, source));
        Assert.False(File.Exists(quantized.Path));
        Assert.InRange(new FileInfo(thin).Length, 1, before.Length - (EightBitWeights(before) * 9 / 10));
        Assert.Contains(
            "model thin --restore",
            Assert.Throws<ModelException>(() => WeightsFile.Verify(quantized)).Message,
            StringComparison.Ordinal
        );

        ThinWeights.Restore(quantized, source);
        Assert.Equal(before, File.ReadAllBytes(quantized.Path));
        Assert.True(File.Exists(thin));
    }

    [Fact]
    public void Weights_of_another_network_stay_whole()
    {
        var quantized = Quantize(new QuantizeOptions());
        var before = File.ReadAllBytes(quantized.Path);
        Damage(quantized.Path);
        var changed = quantized with { Sha256 = WeightsFile.HashOf(quantized.Path) };

        // One weight differs, and is kept; all others follow.
        Assert.True(ThinWeights.Thin(changed, _card));
        ThinWeights.Restore(changed, _card);
        Assert.NotEqual(before, File.ReadAllBytes(changed.Path));

        var foreign = File.ReadAllBytes(changed.Path).Concat<byte>([0x08, 0x07]).ToArray(); // its version once more, which we write once
        File.WriteAllBytes(changed.Path, foreign);
        Assert.False(ThinWeights.Thin(changed with { Sha256 = null }, _card));
        Assert.Equal(foreign, File.ReadAllBytes(changed.Path));
    }

    [Fact]
    public void Weights_are_not_restored_from_a_network_that_has_changed()
    {
        var quantized = Quantize(new QuantizeOptions());
        Assert.True(ThinWeights.Thin(quantized, _card));
        Damage(_card.Path);

        var refusal = Assert.Throws<ModelException>(() => ThinWeights.Restore(quantized, _card));

        Assert.Contains("do not give the weights that the card of net-int8 describes", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(quantized.Path));
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    private ModelCard Import(string name, bool halves) =>
        ModelImport.Run(
            Path.Combine(_folder, "net.pth"),
            "a test",
            _catalogue,
            new ImportOptions(name, Size, Halves: halves),
            TestContext.Current.CancellationToken
        );

    private static int EightBitWeights(byte[] file)
    {
        var model = new OnnxModel();
        model.MergeFrom(file);
        return model
            .Graph.Initializers.Where(constant => constant.Type == OnnxType.Int8 && constant.Shape.Count > 1)
            .Sum(constant => constant.Raw.Length);
    }

    // Turns the signs of float32 weights of the largest constant, or of every fourth integer.
    private static void Damage(string path)
    {
        var model = OnnxModel.Read(path);
        var largest = model.Graph.Initializers.MaxBy(constant => constant.Raw.Length)!;
        var values = largest.Raw.ToByteArray();
        for (var i = 3; i < values.Length; i += 4)
            values[i] ^= 0x80;
        largest.Raw = ByteString.CopyFrom(values);
        model.Write(path);
    }

    private ModelCard Quantize(QuantizeOptions options, ModelCard? card = null)
    {
        using var pictures = Pictures(card ?? _card);
        return ModelQuantizer.Run(
            card ?? _card,
            _catalogue,
            options,
            (title, see) => pictures.ForEach(title, see, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_left_out_and_told_once()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "photographs")).FullName;
        File.Copy(Path.Combine(s_photographs, "sample1.jpg"), Path.Combine(folder, "good.jpg"));
        File.WriteAllText(Path.Combine(folder, "bad.jpg"), "no picture");
        File.WriteAllText(Path.Combine(folder, "._good.jpg"), "hidden");
        var skipped = new List<string>();
        using var pictures = new CalibrationPictures(
            new LocateOptions(),
            _card,
            folder,
            [],
            4,
            new PicturesOptions(),
            FaceLandmark.CommandLine.Progress.ForEach,
            skipped.Add
        );
        var faces = 0;

        pictures.ForEach("Once", _ => faces++, TestContext.Current.CancellationToken);
        pictures.ForEach("Twice", _ => faces++, TestContext.Current.CancellationToken);

        Assert.InRange(faces, 2, 20);
        Assert.Contains("bad.jpg", Assert.Single(skipped), StringComparison.Ordinal);
    }

    private static CalibrationPictures Pictures(ModelCard card) =>
        new(new LocateOptions(), card, s_photographs, [], 4, new PicturesOptions(), FaceLandmark.CommandLine.Progress.ForEach, Assert.Fail);

    private static List<float[]> Outputs(ModelCard card)
    {
        var outputs = new List<float[]>();
        using var engine = new OnnxEngine(card, new OnnxOptions { Threads = 1 });
        using var pictures = Pictures(card);
        pictures.ForEach(
            "Comparing",
            picture =>
            {
                engine.Run(picture);
                outputs.Add(picture.Output.ToArray());
            },
            TestContext.Current.CancellationToken
        );
        return outputs;
    }

    private static float Presence(ModelCard card)
    {
        using var engine = new OnnxEngine(card, new OnnxOptions { Threads = 1 });
        using var tensor = new FaceTensor(card.InputSize, card.Landmarks);
        engine.Run(tensor);
        return tensor.Presence;
    }

    // What is left after the optimisations of the engine.
    private Dictionary<string, int> Operations(ModelCard card)
    {
        var path = Path.Combine(_folder, "optimised.onnx");
        using (
            var options = new SessionOptions
            {
                OptimizedModelFilePath = path,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            }
        )
        using (new InferenceSession(card.Path, options))
            return OnnxModel.Read(path).Graph.Nodes.CountBy(node => node.Operation).ToDictionary();
    }
}
