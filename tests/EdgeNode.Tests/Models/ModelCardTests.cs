using System.Diagnostics;
using System.Text;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Tests.Inference;

namespace FaceLandmark.Tests.Models;

/// <summary>Cards as people, editors and other programs leave them.</summary>
public sealed class ModelCardTests : IDisposable
{
    private const string Good = """{ "name": "net", "file": "net.onnx", "inputSize": 64 }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-cards-").FullName;
    private readonly ModelCatalogue _catalogue;

    public ModelCardTests()
    {
        _catalogue = new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = "net" });
        File.WriteAllText(Path.Combine(_folder, "net.json"), Good);
        new TinyOnnx(64, TinyOnnx.Circle(98)).Save(Path.Combine(_folder, "net.onnx"));
    }

    public static TheoryData<Encoding> Encodings =>
        new(new UTF8Encoding(true), new UTF8Encoding(false), Encoding.Unicode, Encoding.BigEndianUnicode);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Encodings), DisableDiscoveryEnumeration = true)]
    public void A_card_may_begin_with_a_byte_order_mark(Encoding encoding)
    {
        File.WriteAllText(Path.Combine(_folder, "net.json"), Good, encoding);

        Assert.Equal(64, _catalogue.Default().InputSize);
    }

    [Theory]
    [InlineData("""{ "name": "x", "file": "net.onnx", "mean": null }""", "mean is null")]
    [InlineData("""{ "name": "x", "file": "net.onnx", "std": null }""", "std is null")]
    [InlineData("""{ "name": "x", "file": null }""", "file is null")]
    [InlineData("""{ "name": null, "file": "net.onnx" }""", "name is null")]
    [InlineData("""{ "name": "x", "file": "net.onnx", "landmarkSet": null }""", "landmarkSet is null")]
    [InlineData("""{ "name": "x", "file": "net.onnx", "engine": null }""", "engine is null")]
    [InlineData(
        """{ "name": "x", "file": "net.onnx", "selfTest": { "picture": "drawn-face-1", "points": null, "tolerance": 1 } }""",
        "selfTest.points is null"
    )]
    [InlineData(
        """{ "name": "x", "file": "net.onnx", "selfTest": { "picture": null, "points": [], "tolerance": 1 } }""",
        "selfTest.picture is null"
    )]
    [InlineData("""{ "name": "x", "file": "net.onnx", "mean": [null, 1, 1] }""", "is not a model card")]
    [InlineData("""{ "name": "x", "file": "net.onnx", "errors": { "nmeMean": null } }""", "is not a model card")]
    [InlineData("""{ "name": "x", "file": "net.onnx", "inputSize": null }""", "is not a model card")]
    [InlineData("""{ "name": "x", "file": "net.onnx", "std": [1e999, 1, 1] }""", "is not a ")]
    [InlineData("""{ "name": "", "file": "net.onnx" }""", "name must be")]
    [InlineData("""{ "name": "x", "file": "" }""", "file must be")]
    [InlineData("""{ "name": "x", "file": "a\u0000b" }""", "file must be")]
    [InlineData("""{ "name": "\ud800", "file": "net.onnx" }""", "is not a model card")]
    [InlineData("""{ "architectures": ["X"], "name": 3 }""", "is not a model card")]
    [InlineData("[1, 2]", "is not a model card")]
    [InlineData("null", "is not a model card")]
    [InlineData("\"text\"", "is not a model card")]
    [InlineData("", "is not a model card")]
    [InlineData("{", "is not a model card")]
    public void A_card_that_cannot_be_used_is_told_and_leaves_the_others_alone(string bad, string sentence)
    {
        File.WriteAllText(Path.Combine(_folder, "bad.json"), bad);
        var problems = new List<string>();

        Assert.Equal(["net"], _catalogue.List(problems.Add).Select(card => card.Name));

        Assert.Contains(sentence, Assert.Single(problems), StringComparison.Ordinal);
        Assert.Contains("bad.json", problems[0], StringComparison.Ordinal);
        Assert.Equal(["net"], _catalogue.Alternatives(_catalogue.Default()).Select(card => card.Name));
        Assert.Equal(problems[0], Assert.Throws<ModelException>(() => _catalogue.Find("bad")).Message);
    }

    [Theory]
    [InlineData("mkfifo", "is a named pipe")]
    [InlineData("ln -s /dev/zero", "is a device")]
    [InlineData("ln -s nowhere", "is missing")]
    public void What_is_no_file_is_no_card_and_no_weights(string make, string sentence)
    {
        Shell($"{make} '{_folder}/odd.json'; {make} '{_folder}/odd.onnx'");
        var problems = new List<string>();

        Assert.Equal(["net"], _catalogue.List(problems.Add).Select(card => card.Name));
        Assert.Contains(sentence, Assert.Single(problems), StringComparison.Ordinal);
        var card = _catalogue.Default() with { File = "odd.onnx" };
        Assert.Contains(
            "odd.onnx",
            Assert.Throws<EngineException>(() => EngineFactory.Open(card, new EnginesOptions())).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("odd.onnx", Assert.Throws<ModelException>(() => WeightsFile.HashOf(card.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_files_and_folders_are_no_cards()
    {
        File.WriteAllText(Path.Combine(_folder, "._net.json"), "\0\u0005\u0016");
        Directory.CreateDirectory(Path.Combine(_folder, ".trash"));
        File.WriteAllText(Path.Combine(_folder, ".trash", "card.json"), "{");
        var problems = new List<string>();

        Assert.Equal(["net"], _catalogue.List(problems.Add).Select(card => card.Name));
        Assert.Empty(problems);
    }

    [Fact]
    public void The_weights_of_the_model_in_use_are_compared_with_its_card()
    {
        File.WriteAllText(
            Path.Combine(_folder, "net.json"),
            $$"""{ "name": "net", "file": "net.onnx", "inputSize": 64, "sha256": "{{new string('0', 64)}}" }"""
        );

        Assert.Contains(
            "the file is damaged",
            Assert.Throws<ModelException>(() => EngineFactory.Open(_catalogue.Default(), new EnginesOptions())).Message,
            StringComparison.Ordinal
        );

        var hash = WeightsFile.HashOf(Path.Combine(_folder, "net.onnx")).ToUpperInvariant();
        File.WriteAllText(
            Path.Combine(_folder, "net.json"),
            $$"""{ "name": "net", "file": "net.onnx", "inputSize": 64, "sha256": "{{hash}}" }"""
        );
        EngineFactory.Open(_catalogue.Default(), new EnginesOptions()).Dispose();
    }

    [Fact]
    public void A_relative_setting_is_never_looked_for_in_the_working_directory()
    {
        var foreign = Path.GetRelativePath(Environment.CurrentDirectory, _folder);

        Assert.Equal(
            Path.GetFullPath(foreign, AppContext.BaseDirectory),
            new ModelCatalogue(new ModelsOptions { Folder = foreign }).Folder
        );
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models"), new ModelCatalogue(new ModelsOptions()).Folder);
        var byPath = new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = Path.Combine(foreign, "other.onnx") });
        File.Copy(Path.Combine(_folder, "net.onnx"), Path.Combine(_folder, "other.onnx"));
        if (Environment.CurrentDirectory != Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))
            Assert.Contains("There is no model", Assert.Throws<ModelException>(() => byPath.Default()).Message, StringComparison.Ordinal);
    }

    private static void Shell(string script)
    {
        using var process = Process.Start("sh", ["-c", script]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
