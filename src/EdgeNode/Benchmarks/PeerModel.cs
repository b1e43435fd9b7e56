using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// A model as OpenCV's DNN reads it (Debian 12 has 4.6): weights in FP32 instead of FP16 with a cast in the graph, and no attribute that
/// says what holds anyway. It gives the same points.
/// </summary>
internal static class PeerModel
{
    /// <summary>Writes it.</summary>
    /// <exception cref="ModelException">The model cannot be read.</exception>
    public static void Write(string model, string path)
    {
        var onnx = OnnxModel.Read(model);
        var graph = onnx.Graph;
        var halves = graph.Initializers.Where(tensor => tensor.Type == OnnxType.Float16).ToDictionary(tensor => tensor.Name);
        foreach (var cast in graph.Nodes.Where(node => node.Operation == "Cast" && halves.ContainsKey(node.Inputs[0])).ToList())
        {
            var half = halves[cast.Inputs[0]];
            graph.Initializers.Add(OnnxTensor.Of(cast.Outputs[0], half.Shape, half.ToFloats()));
            graph.Nodes.Remove(cast);
        }

        graph.Initializers.RemoveAll(tensor =>
            tensor.Type == OnnxType.Float16 && !graph.Nodes.Exists(node => node.Inputs.Contains(tensor.Name))
        );
        foreach (var node in graph.Nodes)
            node.Attributes.RemoveAll(attribute => attribute is { Name: "ceil_mode" or "count_include_pad", Integer: 0 });
        onnx.Write(path);
    }
}
