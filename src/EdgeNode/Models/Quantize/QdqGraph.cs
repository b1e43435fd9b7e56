using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// Writes the plan into the graph in QDQ form: each ranged tensor goes through QuantizeLinear and DequantizeLinear (uint8, one range a
/// tensor), weights are int8 constants (symmetric, from -64 to 64, one range an output channel), biases int32 constants. ONNX Runtime makes
/// 8-bit kernels of it.
/// </summary>
internal static class QdqGraph
{
    /// <summary>What the name of a weight's integer constant has behind the name of the weight.</summary>
    public const string WeightSuffix = ".int8";

    // x86-64 without VNNI adds two products of bytes in 16 bits, and 2 x 255 x 64 is the most that fits (decision 178).
    private const int MostWeight = 1 << (ModelCards.ModelCard.FitsSixteenBits - 1);

    public static void Rewrite(OnnxGraph graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizedRange> ranges)
    {
        var constants = graph.Initializers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var weightNodes = plan
            .Nodes.Where(QuantizationPlan.HasWeights)
            .ToDictionary(node => node, node => Weights(graph, node, constants, ranges[plan.Ranged[node.Inputs[0]]]));

        // Who takes a ranged tensor takes what its bytes stand for; so nothing but QuantizeLinear follows an 8-bit operation.
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (plan.Ranged.ContainsKey(node.Inputs[i]))
                    node.Inputs[i] += ".dequantized";
            }
        }

        var nodes = graph.Nodes.ToList();
        graph.Nodes.Clear();
        foreach (var input in graph.Inputs.Where(input => plan.Ranged.ContainsKey(input.Name)))
            AddPair(graph, input.Name, ranges[plan.Ranged[input.Name]]);
        foreach (var node in nodes)
        {
            graph.Nodes.AddRange(weightNodes.GetValueOrDefault(node, []));
            graph.Nodes.Add(node);
            foreach (var output in node.Outputs.Where(plan.Ranged.ContainsKey))
                AddPair(graph, output, ranges[plan.Ranged[output]]);
        }

        var used = graph.Nodes.SelectMany(node => node.Inputs).ToHashSet(StringComparer.Ordinal);
        graph.Initializers.RemoveAll(tensor => !used.Contains(tensor.Name));
    }

    /// <summary>A weight in 8 bits: its integers, and a scale for each of its output channels (the first side of its shape).</summary>
    /// <exception cref="ModelCards.ModelException">It does not hold floating-point numbers.</exception>
    public static (sbyte[] Values, float[] Scales) EightBits(OnnxTensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var weights = weight.ToFloats();
        var channels = (int)weight.Shape[0];
        var length = weights.Length / channels;
        var bytes = new sbyte[weights.Length];
        var scales = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var values = weights.AsSpan(channel * length, length);
            scales[channel] = Math.Max(
                System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(values) is var most ? Math.Abs(most) / MostWeight : 0,
                1e-12f
            );
            for (var i = 0; i < length; i++)
                bytes[(channel * length) + i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scales[channel]), -MostWeight, MostWeight);
        }

        return (bytes, scales);
    }

    private static void AddPair(OnnxGraph graph, string name, QuantizedRange range)
    {
        graph.Initializers.Add(OnnxTensor.Of(name + ".scale", [], [range.Scale]));
        graph.Initializers.Add(OnnxTensor.Of(name + ".zero", [], [range.Zero]));
        graph.Nodes.Add(new OnnxNode("QuantizeLinear", [name, name + ".scale", name + ".zero"], name + ".quantized"));
        graph.Nodes.Add(new OnnxNode("DequantizeLinear", [name + ".quantized", name + ".scale", name + ".zero"], name + ".dequantized"));
    }

    /// <summary>Weights and bias of an operation as integer constants.</summary>
    private static List<OnnxNode> Weights(OnnxGraph graph, OnnxNode node, Dictionary<string, OnnxTensor> constants, QuantizedRange input)
    {
        var (name, shape) = (node.Inputs[1] + WeightSuffix, constants[node.Inputs[1]].Shape);
        var (bytes, scales) = EightBits(constants[node.Inputs[1]]);
        var channels = scales.Length;
        graph.Initializers.Add(OnnxTensor.Of(name, shape, bytes));
        graph.Initializers.Add(OnnxTensor.Of(name + ".scale", [channels], scales));
        graph.Initializers.Add(OnnxTensor.Of(name + ".zero", [channels], new sbyte[channels]));
        node.Inputs[1] = name + ".dequantized";
        List<OnnxNode> nodes =
        [
            new("DequantizeLinear", [name, name + ".scale", name + ".zero"], node.Inputs[1], new OnnxAttribute("axis", 0)),
        ];
        if (node.Inputs.Count > 2)
            nodes.Add(Bias(graph, node, constants[node.Inputs[2]].ToFloats(), scales, input));
        return nodes;
    }

    // The scale of a product is the product of the scales, so the sums of the kernel take the bias as it is.
    private static OnnxNode Bias(OnnxGraph graph, OnnxNode node, float[] values, float[] weightScales, QuantizedRange input)
    {
        var name = node.Inputs[2] + ".int32";
        var scales = Array.ConvertAll(weightScales, scale => scale * input.Scale);
        var whole = new int[values.Length];
        for (var i = 0; i < whole.Length; i++)
            whole[i] = (int)Math.Clamp(Math.Round((double)values[i] / scales[i]), int.MinValue, int.MaxValue);
        graph.Initializers.Add(OnnxTensor.Of(name, [values.Length], whole));
        graph.Initializers.Add(OnnxTensor.Of(name + ".scale", [values.Length], scales));
        graph.Initializers.Add(OnnxTensor.Of(name + ".zero", [values.Length], new int[values.Length]));
        node.Inputs[2] = name + ".dequantized";
        return new OnnxNode("DequantizeLinear", [name, name + ".scale", name + ".zero"], node.Inputs[2], new OnnxAttribute("axis", 0));
    }
}
