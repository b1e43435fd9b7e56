using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Tests.Locate;

/// <summary>A network with the shapes of BlazeFace that loads, and fails whenever it runs: it reaches beyond its input.</summary>
internal static class BrokenDetector
{
    private const int Size = 128;

    public static void Save(string path)
    {
        var graph = new OnnxGraph { Name = "broken" };
        graph.Inputs.Add(new OnnxValue("input", 1, Size, Size, 3));
        graph.Initializers.Add(OnnxTensor.Of("flat", [1], [-1L]));
        graph.Nodes.Add(new OnnxNode("Reshape", ["input", "flat"], "line"));
        foreach (var (anchors, values) in new[] { (512, 1), (384, 1), (512, 16), (384, 16) })
        {
            var name = $"output{anchors}x{values}";
            var beyond = Enumerable.Repeat((long)int.MaxValue, anchors * values).ToArray();
            graph.Initializers.Add(OnnxTensor.Of(name + "-indices", [1, anchors, values], beyond));
            graph.Nodes.Add(new OnnxNode("Gather", ["line", name + "-indices"], name));
            graph.Outputs.Add(new OnnxValue(name, 1, anchors, values));
        }

        new OnnxModel
        {
            IrVersion = 7,
            Graph = graph,
            OperatorSets = { new OnnxOperatorSet { Version = 13 } },
        }.Write(path);
    }
}
