using System.Text.Json;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Tests.Inference.Tvm;

public sealed class TvmCatalogueTests : IDisposable
{
    private readonly TestObject _object = new();

    public void Dispose() => _object.Dispose();

    [Fact]
    public void A_folder_is_a_model_with_its_name()
    {
        var card = Catalogue().Find(_object.Folder + "/");
        Assert.Equal(
            (Path.GetFileName(_object.Folder), _object.Weights, TestObject.Size, 98, "WFLW-98"),
            (card.Name, card.Path, card.InputSize, card.Landmarks, card.LandmarkSet)
        );
    }

    [Fact]
    public void Its_landmarks_have_the_same_name_as_those_of_an_onnx_file()
    {
        using var small = new TestObject(outputs: "[1,68,2]");
        var onnx = Path.Combine(small.Folder, "68.onnx");
        new TinyOnnx(TestObject.Size, TinyOnnx.Circle(68)).Save(onnx);
        Assert.Equal("iBUG-68", Catalogue().Find(small.Folder).LandmarkSet);
        Assert.Equal("iBUG-68", Catalogue().Find(onnx).LandmarkSet);
    }

    [Fact]
    public void A_folder_in_the_model_folder_is_found_and_listed_by_its_card()
    {
        WriteCard("""{ "name": "cpu", "file": "deploy.params", "inputSize": 32 }""");
        var catalogue = Catalogue();
        Assert.Equal("cpu", catalogue.Find(Path.GetFileName(_object.Folder)).Name);
        Assert.Contains("cpu", catalogue.List().Select(card => card.Name));
    }

    [Fact]
    public void A_lane_runs_it()
    {
        using var lane = Lane(_object.Card);
        Assert.Equal("tvm", lane.Info.Name);
    }

    [Fact]
    public void A_card_with_the_right_points_passes_the_self_test_and_exchanged_weights_fail_it()
    {
        float[] points;
        using (var lane = Lane(_object.Card))
        {
            Assert.Null(lane.WarmUp().Difference);
            points = PointsOfDrawing();
        }

        WriteCard(
            JsonSerializer.Serialize(
                new
                {
                    name = "cpu",
                    file = "deploy.params",
                    inputSize = TestObject.Size,
                    selfTest = new
                    {
                        picture = SelfTestPicture.Name,
                        points,
                        tolerance = 1e-5,
                    },
                }
            )
        );
        using (var lane = Lane(Catalogue().Find(_object.Folder)))
            Assert.InRange(lane.WarmUp().Difference!.Value, 0, 1e-5f);

        File.WriteAllBytes(_object.Weights, TvmWeights.Of("p0", 2 * TestObject.Scale));
        var refusal = Assert.Throws<ModelException>(() => Lane(Catalogue().Find(_object.Folder)));
        Assert.Contains($"{_object.Weights} fails its self-test: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_gives_no_numbers_is_refused_even_without_a_card()
    {
        File.WriteAllBytes(_object.Weights, TvmWeights.Of("p0", float.NaN));
        Assert.Contains(
            "gives no numbers",
            Assert.Throws<ModelException>(() => Lane(Catalogue().Find(_object.Folder))).Message,
            StringComparison.Ordinal
        );
    }

    // The double's network on the drawn face, standardised by hand.
    private static float[] PointsOfDrawing()
    {
        const int Count = 3 * TestObject.Size * TestObject.Size;
        var pixels = FaceLandmark.Tests.ModelCards.SelfTestTests.DrawRgb(TestObject.Size);
        float[] mean = [0.485f, 0.456f, 0.406f],
            std = [0.229f, 0.224f, 0.225f];
        return
        [
            .. Enumerable
                .Range(0, 196)
                .Select(i =>
                {
                    var (channel, pixel) = Math.DivRem(i * 997 % Count, TestObject.Size * TestObject.Size);
                    return TestObject.Scale * ((pixels[(3 * pixel) + channel] / 255f) - mean[channel]) / std[channel];
                }),
        ];
    }

    private ModelCatalogue Catalogue() => new(new ModelsOptions { Folder = Path.GetDirectoryName(_object.Folder)! });

    private void WriteCard(string json) => File.WriteAllText(Path.Combine(_object.Folder, "card.json"), json);

    private FaceLandmark.Pipeline.InferenceLane Lane(ModelCard card) =>
        EngineFactory.OpenLane(card, new EnginesOptions { Tvm = new TvmOptions { Library = _object.Library } }, TimeProvider.System);
}
