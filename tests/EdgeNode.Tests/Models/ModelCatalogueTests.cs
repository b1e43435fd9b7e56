using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Tests.Inference;

namespace FaceLandmark.Tests.Models;

public sealed class ModelCatalogueTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_is_found_by_name_by_card_and_by_file()
    {
        new TinyOnnx(64, TinyOnnx.Circle(98)).Save(Path.Combine(_folder, "tiny.onnx"));
        File.WriteAllText(Path.Combine(_folder, "tiny.json"), """{ "name": "tiny", "file": "tiny.onnx", "inputSize": 64 }""");
        var catalogue = new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = "tiny" });
        Assert.Equal(64, catalogue.Default().InputSize);
        Assert.Equal("tiny", catalogue.Find(Path.Combine(_folder, "tiny.json")).Name);
        Assert.Equal("tiny", catalogue.Find(Path.Combine(_folder, "tiny.onnx")).Name);
        Assert.Single(catalogue.List());
    }

    [Fact]
    public void A_file_without_a_card_is_described_by_itself()
    {
        var path = Path.Combine(_folder, "bare.onnx");
        new TinyOnnx(32, TinyOnnx.Circle(106)).Save(path);
        var card = new ModelCatalogue(new ModelsOptions { Folder = _folder }).Find(path);
        Assert.Equal(("bare", 32, 106, "LaPa-106"), (card.Name, card.InputSize, card.Landmarks, card.LandmarkSet));
    }

    [Theory]
    [InlineData("{ \"name\": ", "is not a model card")]
    [InlineData("{ \"name\": \"x\" }", "is not a model card")]
    [InlineData("{ \"name\": \"x\", \"file\": \"x.onnx\", \"std\": [1, 1, 0] }", "is not a usable model card")]
    [InlineData("{ \"name\": \"x\", \"file\": \"x.onnx\", \"inputSize\": 5 }", "is not a usable model card")]
    public void A_card_that_cannot_be_used_is_named(string json, string sentence)
    {
        File.WriteAllText(Path.Combine(_folder, "x.json"), json);
        var catalogue = new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = "x" });
        Assert.Contains(sentence, Assert.Throws<ModelException>(() => catalogue.Default()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_there_is_named_with_those_that_are()
    {
        File.WriteAllText(Path.Combine(_folder, "here.json"), "{}");
        var message = Assert.Throws<ModelException>(() => new ModelCatalogue(new ModelsOptions { Folder = _folder }).Find("gone")).Message;
        Assert.Contains("There is no model 'gone'", message, StringComparison.Ordinal);
        Assert.Contains("(here)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_the_program_does_not_know_survive_when_a_card_is_written_again()
    {
        var path = Path.Combine(_folder, "x.json");
        File.WriteAllText(path, """{ "name": "x", "file": "x.onnx", "training": { "pictures": 3 } }""");
        var catalogue = new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = "x" });
        catalogue.Write(catalogue.Find("x") with { Quantized = "y" });
        Assert.Contains("\"training\": {", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal("y", catalogue.Find("x").Quantized);
    }

    [Fact]
    public void Weights_that_are_not_the_cards_are_refused()
    {
        var path = Path.Combine(_folder, "w.onnx");
        File.WriteAllText(path, "abc");
        var card = new ModelCard
        {
            Name = "w",
            File = "w.onnx",
            Folder = _folder,
            Sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        };
        WeightsFile.Verify(card);
        File.WriteAllText(path, "abd");
        Assert.Contains(
            "the file is damaged",
            Assert.Throws<ModelException>(() => WeightsFile.Verify(card)).Message,
            StringComparison.Ordinal
        );
    }
}
