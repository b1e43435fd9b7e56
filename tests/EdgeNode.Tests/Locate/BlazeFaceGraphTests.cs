using FaceLandmark.Locate;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Platform;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Tests.Locate;

public sealed class BlazeFaceGraphTests
{
    private const string Back = "assets/blazeface/face_detection_back_256x256_barracuda.onnx";
    private const string Front = "assets/blazeface/face_detection_front_128x128_barracuda.onnx";

    [Theory]
    [InlineData(Back, 256, 8)]
    [InlineData(Back, 256, 16)]
    [InlineData(Front, 128, 8)]
    [InlineData(Front, 128, 16)]
    public void The_answers_stay_whatever_the_blocks(string path, int size, int block)
    {
        var rewritten = BlazeFaceGraph.Rewrite(Read(path), size, block);

        AssertSameAnswers(Read(path), rewritten, size);
        Assert.DoesNotContain(rewritten.Graph.Nodes, node => node.Operation is "Concat" or "ConstantOfShape");
        var answers = rewritten.Graph.Nodes.Where(node => node.Operation == "Transpose").SelectMany(node => node.Inputs).ToHashSet();
        var weights = rewritten.Graph.Initializers.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape[0]);
        Assert.All(
            rewritten.Graph.Nodes.Where(node => node.Operation == "Conv" && !answers.Contains(node.Outputs[0])),
            node => Assert.Equal(0, weights[node.Inputs[1]] % block)
        );
    }

    [Fact]
    public void Without_blocks_only_the_input_is_another_one()
    {
        var rewritten = BlazeFaceGraph.Rewrite(Read(Back), 256, 1);

        AssertSameAnswers(Read(Back), rewritten, 256);
        Assert.Equal(Read(Back).Graph.Nodes.Count + 1, rewritten.Graph.Nodes.Count);
    }

    [Fact]
    public void A_graph_with_an_operation_that_is_not_known_only_gets_its_input_in_planes()
    {
        var rewritten = BlazeFaceGraph.Rewrite(WithAbs(), 128, 16);

        AssertSameAnswers(WithAbs(), rewritten, 128);
        Assert.Contains(rewritten.Graph.Nodes, node => node.Operation == "Concat");

        static OnnxModel WithAbs()
        {
            var model = Read(Front);
            model.Graph.Nodes.First(node => node.Operation == "Relu").Operation = "Abs";
            return model;
        }
    }

    [Theory]
    [InlineData("a constant twice")]
    [InlineData("a convolution without weights")]
    [InlineData("a sum of nothing")]
    [InlineData("an operation without a result")]
    [InlineData("weights of no channel")]
    [InlineData("a bias of another length")]
    public void A_damaged_graph_is_left_for_the_runtime_to_refuse(string damage)
    {
        var model = Read(Front);
        var graph = model.Graph;
        var convolution = graph.Nodes.First(node => node.Operation == "Conv");
        switch (damage)
        {
            case "a constant twice":
                graph.Initializers.Add(graph.Initializers[0]);
                graph.Nodes.First(node => node.Operation == "Relu").Operation = "Abs";
                break;
            case "a convolution without weights":
                convolution.Inputs.RemoveRange(1, convolution.Inputs.Count - 1);
                break;
            case "a sum of nothing":
                graph.Nodes.First(node => node.Operation == "Add").Inputs.Clear();
                break;
            case "an operation without a result":
                graph.Nodes.First(node => node.Operation == "Relu").Outputs.Clear();
                break;
            case "weights of no channel":
                graph.Initializers.First(tensor => tensor.Name == convolution.Inputs[1]).Shape[0] = 0;
                break;
            default:
                graph.Initializers.First(tensor => tensor.Name == convolution.Inputs[2]).Shape[0]++;
                break;
        }

        var rewritten = BlazeFaceGraph.Rewrite(model, 128, 16);

        Assert.Same(graph, rewritten.Graph);
    }

    private static OnnxModel Read(string path) => OnnxModel.Read(ProgramFiles.Find(path));

    private static void AssertSameAnswers(OnnxModel inRows, OnnxModel inPlanes, int size)
    {
        var random = new Random(98);
        var rows = new float[size * size * 3];
        var planes = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            planes[(i % 3 * size * size) + (i / 3)] = rows[i] = (random.NextSingle() * 2) - 1;
        var (expected, given) = (Run(inRows, rows, [1, size, size, 3]), Run(inPlanes, planes, [1, 3, size, size]));
        Assert.Equal(expected.Keys, given.Keys);
        foreach (var (name, values) in expected)
        {
            Assert.Equal(values.Length, given[name].Length);
            var largest = values.Max(MathF.Abs);
            Assert.InRange(values.Zip(given[name], (one, other) => MathF.Abs(one - other)).Max(), 0, 1e-4f * MathF.Max(1, largest));
        }
    }

    private static SortedDictionary<string, float[]> Run(OnnxModel model, float[] input, long[] shape)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model.ToByteArray(), options);
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [value], session.OutputNames);
        var answers = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (name, output) in session.OutputNames.Zip(outputs))
            answers[name] = output.GetTensorDataAsSpan<float>().ToArray();
        return answers;
    }
}
