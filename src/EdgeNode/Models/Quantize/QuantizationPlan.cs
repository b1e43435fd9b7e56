using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// Which operations of a graph become 8-bit ones, and which tensors between them need a range. Convolutions with their Relu, sums of two
/// branches, maximum pooling; and, unless the last layers stay in float32, average pooling and fully connected layers.
/// </summary>
internal sealed class QuantizationPlan
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxTensor> _constants;
    private readonly ILookup<string, OnnxNode> _users;
    private readonly HashSet<string> _outputs;
    private readonly Dictionary<string, string> _ranged = new(StringComparer.Ordinal);

    /// <exception cref="ModelException">There is no convolution to be quantised.</exception>
    public QuantizationPlan(OnnxGraph graph, QuantizeOptions options)
    {
        _graph = graph;
        _constants = graph.Initializers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _users = graph
            .Nodes.SelectMany(node => node.Inputs.Distinct().Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        _outputs = [.. graph.Outputs.Select(output => output.Name)];
        foreach (var node in graph.Nodes)
        {
            if (IsChosen(node, options))
                Choose(node);
        }

        if (!Nodes.Any(node => node.Operation == "Conv"))
            throw new ModelException("It has no convolution with constant weights in float32 or float16: there is nothing to quantise.");
    }

    /// <summary>The operations chosen.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>
    /// Every tensor that becomes bytes, and the tensor whose range it has: mostly itself; what pooling and reshaping give has that of what
    /// they took.
    /// </summary>
    public IReadOnlyDictionary<string, string> Ranged => _ranged;

    /// <summary>Whether an operation multiplies with constant weights.</summary>
    public static bool HasWeights(OnnxNode node) => node.Operation is "Conv" or "Gemm";

    private bool IsChosen(OnnxNode node, QuantizeOptions options) =>
        node.Operation switch
        {
            "Conv" => IsConstant(node, 1)
                && (node.Inputs.Count < 3 || IsConstant(node, 2))
                && !(options.FloatFirst && node == _graph.Nodes.First(one => one.Operation == "Conv")),
            "Gemm" => !options.FloatLast
                && IsConstant(node, 1)
                && node.Inputs.Count == 3
                && IsConstant(node, 2)
                && node.Attribute("transB", 0) == 1
                && node.Attribute("transA", 0) == 0,
            "Add" => node.Inputs.All(input => !_constants.ContainsKey(input)),
            "MaxPool" => _ranged.ContainsKey(node.Inputs[0]),
            "GlobalAveragePool" or "Flatten" => !options.FloatLast && _ranged.ContainsKey(node.Inputs[0]),
            _ => false,
        };

    private void Choose(OnnxNode node)
    {
        Nodes.Add(node);
        foreach (var input in node.Inputs.Where(input => !_constants.ContainsKey(input)))
            _ranged.TryAdd(input, input);

        // ONNX Runtime takes the Relu into the operation before it, where the range begins at 0.
        var output = node.Outputs[0];
        if (!_outputs.Contains(output) && _users[output].ToList() is [{ Operation: "Relu" } relu])
            output = relu.Outputs[0];
        if (!_outputs.Contains(output) && node.Operation != "Gemm")
            _ranged[output] = node.Operation is "MaxPool" or "Flatten" ? _ranged[node.Inputs[0]] : output;
    }

    private bool IsConstant(OnnxNode node, int input) =>
        node.Inputs.Count > input && _constants.TryGetValue(node.Inputs[input], out var tensor) && tensor.Type == OnnxType.Float32;
}
