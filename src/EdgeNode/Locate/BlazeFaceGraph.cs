using System.Runtime.Intrinsics.X86;
using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Locate;

/// <summary>
/// The graph of a BlazeFace as ONNX Runtime computes it fastest: the input in planes, and no layer whose number of channels its layout in
/// blocks cannot hold. The answers stay (docs/decisions/0176).
/// </summary>
internal sealed class BlazeFaceGraph
{
    private const long MostChannels = 4096; // what is beyond is no BlazeFace, whatever its file says

    private readonly string _input;
    private readonly int _block;
    private readonly Dictionary<string, OnnxTensor> _constants = [];
    private readonly HashSet<string> _answers;
    private readonly Dictionary<string, long> _zeros = [];
    private readonly Dictionary<string, Channels> _channels = [];
    private readonly OnnxGraph _rewritten = new();

    private BlazeFaceGraph(OnnxGraph graph, string input, int block)
    {
        (_input, _block) = (input, block);
        foreach (var tensor in graph.Initializers)
            _constants[tensor.Name] = tensor;
        _answers = [.. graph.Nodes.Where(node => node.Operation == "Transpose").SelectMany(node => node.Inputs)];
    }

    /// <summary>Channels in a block of ONNX Runtime's layout on this processor; 1 where it has none.</summary>
    public static int Block =>
        Avx512F.IsSupported ? 16
        : Fma.IsSupported ? 8
        : 1;

    /// <summary>The model with an input of 1 x 3 x Size x Size. The rest stays without blocks, or if an operation is not known.</summary>
    /// <param name="model">With an input of 1 x Size x Size x 3; not to be used any more.</param>
    /// <param name="size">Size.</param>
    /// <param name="block">Between the layers there will be multiples of so many channels; 1: there are no blocks.</param>
    /// <exception cref="ModelException">Its weights cannot be read.</exception>
    public static OnnxModel Rewrite(OnnxModel model, int size, int block)
    {
        var graph = model.Graph;
        var input = graph.Inputs[0].Name;
        var rewriting = new BlazeFaceGraph(graph, input, block);
        if (block > 1 && graph.Nodes.TrueForAll(rewriting.TryAdd))
        {
            rewriting._rewritten.Outputs.AddRange(graph.Outputs);
            graph = rewriting._rewritten; // without the shapes that the file notes for the values between
        }
        else
        {
            const string Rows = "rows-of-pixels";
            foreach (var inputs in graph.Nodes.Select(node => node.Inputs))
                for (var i = inputs.IndexOf(input); i >= 0; i = inputs.IndexOf(input))
                    inputs[i] = Rows;
            graph.Nodes.Insert(0, new OnnxNode("Transpose", [input], Rows, new OnnxAttribute("perm", [0, 2, 3, 1])));
            graph.Inputs.Clear();
        }

        graph.Name = "blazeface";
        graph.Inputs.Add(new OnnxValue(input, 1, 3, size, size));
        var rewritten = new OnnxModel { IrVersion = model.IrVersion, Graph = graph };
        rewritten.OperatorSets.AddRange(model.OperatorSets);
        return rewritten;
    }

    /// <summary>False: the operation is not known.</summary>
    private bool TryAdd(OnnxNode node)
    {
        if (node is not { Inputs: [var source, ..], Outputs: [var target, ..] })
            return false;
        switch (node.Operation)
        {
            case "Transpose" when source == _input && node.Attributes is [{ Integers: [0, 3, 1, 2] }]:
                _channels[target] = new Channels(_input, 3, 3);
                return true;
            case var _ when node.Inputs.Contains(_input):
                return false;
            case "Transpose" or "Reshape":
                return Keep(node);
            case "Conv" when _channels.TryGetValue(source, out var channels):
                return TryConvolve(node, channels);
            case "Relu" or "MaxPool" when _channels.TryGetValue(source, out var channels) && channels.Name == source:
                _channels[target] = channels with { Name = target };
                return Keep(node);
            case "Add" when _channels.TryGetValue(source, out var one) && _channels.TryGetValue(node.Inputs[^1], out var other):
                _channels[target] = one with { Name = target };
                return (one.Real, one.Stored) == (other.Real, other.Stored) && Keep(node);
            case "ConstantOfShape" when node.Attributes.Count == 0 && _constants.TryGetValue(source, out var shape):
                return shape.ToIntegers() is [_, > 0 and <= MostChannels and var count, _, _] && _zeros.TryAdd(target, count);
            case "Concat" when node.Inputs is [_, { } added] && node.Attribute("axis", 0) == 1:
                return _channels.TryGetValue(source, out var narrow) && TryWiden(target, narrow, added);
            default:
                return false;
        }
    }

    private bool Keep(OnnxNode node)
    {
        _rewritten.Nodes.Add(node);
        foreach (var name in node.Inputs)
            if (_constants.Remove(name, out var constant))
                _rewritten.Initializers.Add(constant);
        return true;
    }

    private bool TryConvolve(OnnxNode node, Channels from)
    {
        if (
            node.Inputs is not [_, var constant, ..]
            || !_constants.TryGetValue(constant, out var weights)
            || weights.Shape.Exists(side => side is <= 0 or > MostChannels)
            || weights.Shape is not [var real, var each, var height, var width]
        )
            return false;
        var groups = node.Attribute("group", 1);
        if (groups == 1 ? each != from.Real : groups != from.Real || each != 1 || real != groups)
            return false;
        var to = new Channels(node.Outputs[0], real, _answers.Contains(node.Outputs[0]) ? real : InBlocks(real));
        List<string> inputs = [from.Name, to.Name + ".weights"];
        var eachStored = groups == 1 ? from.Stored : 1;
        var plane = (int)(height * width);
        _rewritten.Initializers.Add(
            OnnxTensor.Of(inputs[1], [to.Stored, eachStored, height, width], Spread(weights, plane, (int)to.Stored, (int)eachStored))
        );
        if (node.Inputs.Count > 2)
        {
            if (!_constants.TryGetValue(node.Inputs[2], out var bias) || bias.Shape is not [var biases] || biases != real)
                return false;
            inputs.Add(to.Name + ".bias");
            _rewritten.Initializers.Add(OnnxTensor.Of(inputs[2], [to.Stored], Spread(bias, 1, (int)to.Stored, 1)));
        }

        var attributes = node.Attributes.Where(attribute => attribute.Name != "group");
        var group = new OnnxAttribute("group", groups == 1 ? 1 : to.Stored);
        _rewritten.Nodes.Add(new OnnxNode("Conv", inputs, to.Name, [.. attributes, group]));
        _channels[to.Name] = to;
        return true;
    }

    /// <summary>A convolution that copies channels and adds zeros: to join zeros to them would need the plain layout.</summary>
    private bool TryWiden(string name, Channels from, string zeros)
    {
        if (!_zeros.TryGetValue(zeros, out var more))
            return false;
        var to = new Channels(name, from.Real + more, InBlocks(from.Real + more));
        var copies = new float[to.Stored * from.Stored];
        for (var channel = 0; channel < from.Real; channel++)
            copies[(channel * from.Stored) + channel] = 1;
        _rewritten.Initializers.Add(OnnxTensor.Of(name + ".weights", [to.Stored, from.Stored, 1, 1], copies));
        _rewritten.Nodes.Add(new OnnxNode("Conv", [from.Name, name + ".weights"], name, new OnnxAttribute("kernel_shape", [1, 1])));
        _channels[name] = to;
        return true;
    }

    private long InBlocks(long channels) => (channels + _block - 1) / _block * _block;

    /// <summary>Weights of more channels; those of the new ones are zero.</summary>
    private static float[] Spread(OnnxTensor tensor, int plane, int outer, int inner)
    {
        var values = tensor.ToFloats();
        var innerBefore = values.Length / plane / (int)tensor.Shape[0];
        var spread = new float[outer * inner * plane];
        for (var i = 0; i < values.Length / plane; i++)
        {
            var place = (i / innerBefore * inner) + (i % innerBefore);
            values.AsSpan(i * plane, plane).CopyTo(spread.AsSpan(place * plane));
        }

        return spread;
    }

    /// <param name="Name">Of the value, here.</param>
    /// <param name="Real">Channels in the file.</param>
    /// <param name="Stored">Channels here; those beyond are zero.</param>
    private readonly record struct Channels(string Name, long Real, long Stored);
}
