using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Tests.Inference;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-folder-").FullName;
    private readonly ModelCatalogue _catalogue;

    public ModelFolderTests() => _catalogue = new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = "net" });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_card_is_read_as_it_was_written()
    {
        var card = new ModelCard
        {
            Name = "net",
            File = "net.onnx",
            InputSize = 96,
            LandmarkSet = "iBUG-68",
            Landmarks = 68,
            Quantized = "net-int8",
            Errors = new Dictionary<string, double> { ["nmeMean"] = 3.5 },
        };
        _catalogue.Write(card);

        var read = _catalogue.Find("net");

        Assert.Equivalent(card with { Folder = _folder }, read);
        Assert.Contains("\"int8\": \"net-int8\"", File.ReadAllText(Path.Combine(_folder, "net.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_model_takes_its_weights_along_and_is_forgotten_by_others()
    {
        Write("net", "net.onnx", "net-int8");
        Write("net-int8", "net-int8.onnx");

        var gone = _catalogue.Remove("net-int8");

        Assert.Equal([Path.Combine(_folder, "net-int8.json"), Path.Combine(_folder, "net-int8.onnx")], gone);
        Assert.Equal(["net.json", "net.onnx"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Null(_catalogue.Find("net").Quantized);
    }

    [Fact]
    public void Weights_that_another_card_uses_stay()
    {
        Write("net", "shared.onnx");
        Write("twin", "shared.onnx");

        _catalogue.Remove("twin");

        Assert.True(File.Exists(Path.Combine(_folder, "shared.onnx")));
    }

    [Theory]
    [InlineData("./shared.onnx")]
    [InlineData("../{folder}/shared.onnx")]
    [InlineData("{path}/shared.onnx")]
    [InlineData("link.onnx")]
    [InlineData("hard.onnx")]
    public void Weights_that_another_card_names_by_another_path_stay(string path)
    {
        Write("twin", "shared.onnx");
        File.CreateSymbolicLink(Path.Combine(_folder, "link.onnx"), "shared.onnx");
        using (
            var link = System.Diagnostics.Process.Start("ln", [Path.Combine(_folder, "shared.onnx"), Path.Combine(_folder, "hard.onnx")])
        )
            link.WaitForExit();
        _catalogue.Write(
            new ModelCard
            {
                Name = "net",
                File = path.Replace("{folder}", Path.GetFileName(_folder), StringComparison.Ordinal)
                    .Replace("{path}", _folder, StringComparison.Ordinal),
            }
        );

        _catalogue.Remove("twin");

        Assert.True(File.Exists(_catalogue.Find("net").Path));
        Assert.True(File.Exists(Path.Combine(_folder, "shared.onnx")));
    }

    [Fact]
    public void Weights_that_a_card_in_a_folder_below_names_stay()
    {
        Write("twin", "shared.onnx");
        Directory.CreateDirectory(Path.Combine(_folder, "object"));
        File.WriteAllText(Path.Combine(_folder, "object", "card.json"), """{ "name": "object", "file": "../shared.onnx" }""");

        _catalogue.Remove("twin");

        Assert.True(File.Exists(Path.Combine(_folder, "shared.onnx")));
    }

    [Fact]
    public void Weights_stay_while_a_card_cannot_be_read_that_may_name_them()
    {
        Write("twin", "shared.onnx");
        File.WriteAllText(Path.Combine(_folder, "broken.json"), "{");

        Assert.Equal([Path.Combine(_folder, "twin.json")], _catalogue.Remove("twin"));
    }

    [Theory]
    [InlineData("net", "net")]
    [InlineData("net", "{path}/net.json")]
    [InlineData("net", "{path}/net.onnx")]
    public void The_model_in_use_is_not_removed(string model, string inUse)
    {
        Write("net", "net.onnx");
        var catalogue = new ModelCatalogue(
            new ModelsOptions { Folder = _folder, Default = inUse.Replace("{path}", _folder, StringComparison.Ordinal) }
        );

        Assert.Contains("is in use", Assert.Throws<ModelException>(() => catalogue.Remove(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_card_is_not_overwritten_by_a_new_model()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.onnx"), "mine");

        Assert.Contains(
            "already a file",
            Assert.Throws<ModelException>(() => _catalogue.CheckFree("mine")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Weights_outside_the_folder_stay()
    {
        var outside = Path.Combine(_folder, "..", Path.GetFileName(_folder) + ".onnx");
        File.WriteAllText(outside, "weights");
        _catalogue.Write(new ModelCard { Name = "far", File = outside });

        _catalogue.Remove("far");

        Assert.True(File.Exists(outside));
        File.Delete(outside);
    }

    [Fact]
    public void Only_models_of_the_same_shape_with_weights_can_take_anothers_place()
    {
        Write("net", "net.onnx");
        Write("twin", "twin.onnx");
        File.WriteAllText(Path.Combine(_folder, "small.onnx"), "weights");
        _catalogue.Write(
            new ModelCard
            {
                Name = "small",
                File = "small.onnx",
                InputSize = 96,
            }
        );
        _catalogue.Write(
            new ModelCard
            {
                Name = "fewer",
                File = "net.onnx",
                Landmarks = 68,
            }
        );
        _catalogue.Write(new ModelCard { Name = "lost", File = "lost.onnx" });

        Assert.Equal(["net", "twin"], _catalogue.Alternatives(_catalogue.Find("net")).Select(card => card.Name));
    }

    [Fact]
    public void A_folder_that_cant_be_read_has_no_alternatives()
    {
        File.WriteAllText(Path.Combine(_folder, "broken.json"), "{");

        Assert.Empty(_catalogue.Alternatives(new ModelCard { Name = "net", File = "net.onnx" }));
    }

    [Theory]
    [InlineData("../net")]
    [InlineData("/etc/passwd")]
    [InlineData("a b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void A_name_that_is_no_file_name_is_refused(string name)
    {
        Assert.Contains(
            "cannot be a model's name",
            Assert.Throws<ModelException>(() => _catalogue.Remove(name)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ModelException>(() => _catalogue.CheckFree(name));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        Write("net", "net.onnx");

        Assert.Contains(
            "already a model 'net'",
            Assert.Throws<ModelException>(() => _catalogue.CheckFree("net")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("VNNI", true, "net-int8")]
    [InlineData(null, true, "net")]
    [InlineData("VNNI", false, "net")]
    public void The_eight_bit_version_is_taken_where_the_processor_is_made_for_it(string? support, bool wanted, string expected)
    {
        Write("net", "net.onnx", "net-int8");
        Write("net-int8", "net-int8.onnx");
        var catalogue = new ModelCatalogue(
            new ModelsOptions
            {
                Folder = _folder,
                Default = "net",
                EightBit = wanted,
            }
        );

        Assert.Equal(expected, catalogue.Choose(catalogue.Find("net"), support, null).Name);
    }

    [Fact]
    public void An_eight_bit_version_that_is_missing_is_named()
    {
        Write("net", "net.onnx", "net-int8");

        Assert.Contains(
            "'net-int8'",
            Assert.Throws<ModelException>(() => _catalogue.Choose(_catalogue.Find("net"), "VNNI", null)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_the_processor_can_do_is_what_the_kernel_says()
    {
        var facts = File.ReadAllText("/proc/cpuinfo").Split([' ', '\n', '\t']);

        Assert.Equal(
            facts.Contains("asimddp") ? "ARM dot product"
                : !facts.Contains("avx2") ? null
                : facts.Contains("avx512_vnni") ? "AVX512-VNNI"
                : facts.Contains("avx_vnni") ? "AVX-VNNI"
                : "AVX2",
            EightBitSupport.Name
        );
    }

    [Fact]
    public void A_model_that_was_read_and_written_again_keeps_what_is_not_known_of_it()
    {
        var path = Path.Combine(_folder, "tiny.onnx");
        new TinyOnnx(32, TinyOnnx.Circle(98)).Save(path);
        byte[] docString = [(6 << 3) | 2, 5, .. "hello"u8];
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. docString]);

        OnnxModel.Read(path).Write(path + ".again");

        Assert.NotEqual(-1, File.ReadAllBytes(path + ".again").AsSpan().IndexOf(docString));
        using var session = new InferenceSession(path + ".again");
        Assert.Equal([1, 98, 2], session.OutputMetadata["landmarks"].Dimensions);
    }

    private void Write(string name, string file, string? quantized = null)
    {
        File.WriteAllText(Path.Combine(_folder, file), "weights");
        _catalogue.Write(
            new ModelCard
            {
                Name = name,
                File = file,
                Quantized = quantized,
            }
        );
    }
}
