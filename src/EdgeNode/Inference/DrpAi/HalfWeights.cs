using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>
/// Rounds the FP32 weights of an ONNX model to FP16. Weights that are FP16 already (stored so, and cast in the graph) stay as they are.
/// </summary>
internal static class HalfWeights
{
    /// <summary>Rounds all initialisers and constants.</summary>
    /// <returns>How many values changed.</returns>
    public static int Round(OnnxModel model) =>
        model.Graph.Initializers.Sum(tensor => tensor.RoundToHalf())
        + model.Graph.Nodes.SelectMany(node => node.Attributes).Sum(attribute => attribute.Tensor?.RoundToHalf() ?? 0);
}
