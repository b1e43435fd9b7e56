using FaceLandmark.Inference;
using FaceLandmark.Inference.Tvm;

namespace FaceLandmark.Tests.Inference.Tvm;

public sealed class TvmModelObjectTests : IDisposable
{
    private readonly TestObject _object = new();

    public void Dispose() => _object.Dispose();

    [Fact]
    public void Size_and_points_are_read_without_a_runtime() =>
        Assert.Equal((TestObject.Size, TestObject.Landmarks), TvmEngine.Inspect(_object.Folder));

    [Fact]
    public void Every_missing_file_is_named()
    {
        File.Delete(_object.Kernels);
        File.Delete(_object.Weights);
        Assert.Contains("lacks deploy.so, deploy.params: it consists of", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_for_the_accelerator_is_called_one()
    {
        File.Delete(_object.Kernels);
        File.WriteAllText(Path.Combine(_object.Folder, "mera.plan"), "");
        Assert.Contains("for DRP-AI (mera.plan)", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(18, 183, "is made for arm64, but this processor is x86-64")]
    [InlineData(18, 40, "is made for 32-bit Arm, but this processor is x86-64")]
    [InlineData(18, 99, "is made for another processor (ELF machine 99)")]
    [InlineData(0, 0, "is not a shared library of Linux")]
    public void Kernels_for_another_processor_are_told_by_name(int offset, byte value, string sentence)
    {
        Assert.SkipUnless(
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "The sentences name x86-64."
        );
        var kernels = File.ReadAllBytes(_object.Kernels);
        kernels[offset] = value;
        File.WriteAllBytes(_object.Kernels, kernels);
        Assert.Contains(sentence, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, "is not a shared library of Linux")]
    [InlineData(100, "is cut off or damaged")]
    [InlineData(5000, "is cut off or damaged")]
    public void Kernels_that_are_cut_off_are_refused_before_they_are_mapped(int length, string sentence)
    {
        File.WriteAllBytes(_object.Kernels, File.ReadAllBytes(_object.Kernels)[..length]);
        Assert.Contains(sentence, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "holds no weights of TVM")]
    [InlineData(7, "holds no weights of TVM")]
    [InlineData(20, "is cut off or damaged")]
    [InlineData(33, "is cut off or damaged")]
    public void Weights_that_are_no_weights_are_refused(int length, string sentence)
    {
        File.WriteAllBytes(_object.Weights, File.ReadAllBytes(_object.Weights)[..length]);
        Assert.Contains(sentence, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_lack_their_last_byte_or_go_on_behind_their_end_are_refused()
    {
        var weights = File.ReadAllBytes(_object.Weights);
        for (var length = 8; length < weights.Length; length++)
        {
            File.WriteAllBytes(_object.Weights, weights[..length]);
            Assert.Contains("is cut off or damaged", Refusal(), StringComparison.Ordinal);
        }

        File.WriteAllBytes(_object.Weights, [.. weights, 0]);
        Assert.Contains("its length is not that of the weights it lists", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_network_under_the_same_names_are_refused()
    {
        File.WriteAllBytes(_object.Weights, TvmWeights.Of(("p0", [2, 3], new float[6])));
        Assert.Contains(
            "needs the weight p0 as float32 1, but deploy.params holds it as float32 2x3: the files do not belong together",
            Refusal(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 40)]
    public void Weights_with_an_absurd_size_are_refused(long dimension)
    {
        File.WriteAllBytes(_object.Weights, TvmWeights.Of(("p0", [dimension], [1f])));
        Assert.Contains("is cut off or damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_the_graph_needs_and_the_file_lacks_is_named()
    {
        File.WriteAllBytes(_object.Weights, TvmWeights.Of("p7", 1));
        Assert.Contains(
            "needs weights that deploy.params does not hold (p0): the files do not belong together",
            Refusal(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("[1,3,32,32]", "int32", "[1,98,2]", "found input0 int32 1x3x32x32 -> float32 1x98x2")]
    [InlineData("[1,3,32,64]", "float32", "[1,98,2]", "found input0 float32 1x3x32x64 -> float32 1x98x2")]
    [InlineData("[1,32,32,3]", "float32", "[1,98,2]", "found input0 float32 1x32x32x3 -> float32 1x98x2")]
    [InlineData("[1,3,8,8]", "float32", "[1,98,2]", "found input0 float32 1x3x8x8 -> float32 1x98x2")]
    [InlineData("[1,3,32,32]", "float32", "[1,98,64,64]", "found input0 float32 1x3x32x32 -> float32 1x98x64x64")]
    [InlineData("[1,3,32,32]", "float32", "[1,195]", "found input0 float32 1x3x32x32 -> float32 1x195")]
    public void Another_contract_is_refused_with_what_was_found(string input, string type, string output, string found)
    {
        File.WriteAllText(_object.Graph, TestObject.GraphJson("", "input0", input, type, output, false, false));
        Assert.EndsWith(found + ".", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"nodes\": [")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{ \"nodes\": [], \"node_row_ptr\": [], \"attrs\": { \"shape\": [] } }")]
    public void Text_that_is_no_graph_is_refused(string json)
    {
        File.WriteAllText(_object.Graph, json);
        Assert.Contains("is not a graph of TVM: ", Refusal(), StringComparison.Ordinal);
    }

    private string Refusal() => Assert.Throws<EngineException>(() => TvmEngine.Inspect(_object.Folder)).Message;
}
