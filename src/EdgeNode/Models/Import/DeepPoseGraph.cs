using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;

namespace FaceLandmark.Models.Import;

/// <summary>Writes a DeepPose network as ONNX, operator set 13: <c>input0</c> 1x3xSxS to <c>landmarks</c> 1xNx2, both float32.</summary>
/// <param name="weights">The network.</param>
/// <param name="halves">Whether large weights are stored as float16 and cast when the model is loaded: half the file, weights rounded to 11
/// bits.</param>
internal sealed class DeepPoseGraph(DeepPoseWeights weights, bool halves)
{
    private const long Operators = 13;
    private const long IrVersion = 7;
    private const int LeastHalved = 1024; // small vectors are not worth a cast

    private readonly OnnxGraph _graph = new();

    /// <summary>The whole model.</summary>
    /// <exception cref="ModelException">A weight is missing, superfluous or of another shape.</exception>
    public OnnxModel Build(int size)
    {
        _graph.Name = weights.Architecture;
        _graph.Inputs.Add(new OnnxValue("input0", 1, 3, size, size));
        var width = weights.Width("conv1");
        var value = Relu(Convolution("input0", "conv1", "bn1", [width, 3, 7, 7], 2));
        value = Add("MaxPool", [value], "maxpool", new("kernel_shape", [3, 3]), new("pads", [1, 1, 1, 1]), new("strides", [2, 2]));
        for (var layer = 1; layer <= 4; layer++)
        {
            for (var block = 0; block < weights.Blocks[layer - 1]; block++)
                value = Block(value, $"layer{layer}.{block}", ref width, layer > 1 && block == 0 ? 2 : 1);
        }

        Finish(Add("Flatten", [Add("GlobalAveragePool", [value], "avgpool")], "flatten", new OnnxAttribute("axis", 1)), width);
        weights.CheckNothingIsLeft();
        return new OnnxModel
        {
            IrVersion = IrVersion,
            Producer = "FaceLandmark",
            Graph = _graph,
            OperatorSets = { new OnnxOperatorSet { Version = Operators } },
        };
    }

    private string Block(string input, string name, ref long width, long stride)
    {
        var last = weights.IsBottleneck ? "conv3" : "conv2";
        var inner = weights.Width($"{name}.conv1");
        var outer = weights.Width($"{name}.{last}");
        string value;
        if (weights.IsBottleneck)
        {
            value = Relu(Convolution(input, $"{name}.conv1", $"{name}.bn1", [inner, width, 1, 1], 1));
            value = Relu(Convolution(value, $"{name}.conv2", $"{name}.bn2", [inner, inner, 3, 3], stride));
            value = Convolution(value, $"{name}.conv3", $"{name}.bn3", [outer, inner, 1, 1], 1);
        }
        else
        {
            value = Relu(Convolution(input, $"{name}.conv1", $"{name}.bn1", [inner, width, 3, 3], stride));
            value = Convolution(value, $"{name}.conv2", $"{name}.bn2", [outer, inner, 3, 3], 1);
        }

        // Where the shapes differ the short cut must be projected; a missing projection is then named as a missing tensor.
        if (stride != 1 || outer != width || weights.Has($"{weights.Prefix}{name}.downsample.0.weight"))
            input = Convolution(input, $"{name}.downsample.0", $"{name}.downsample.1", [outer, width, 1, 1], stride);
        width = outer;
        return Relu(Add("Add", [value, input], $"{name}.add"));
    }

    private void Finish(string features, long width)
    {
        var (matrix, bias) = weights.Head(width);
        var fc = Add(
            "Gemm",
            [features, Constant("fc.weight", [bias.Length, width], matrix), Constant("fc.bias", [bias.Length], bias)],
            "fc",
            new OnnxAttribute("transB", 1)
        );
        _graph.Initializers.Add(OnnxTensor.Of("shape", [3], [1L, weights.Landmarks, 2]));
        Add("Reshape", [fc, "shape"], "landmarks");
        _graph.Outputs.Add(new OnnxValue("landmarks", 1, weights.Landmarks, 2));
    }

    private string Convolution(string input, string convolution, string normalization, long[] shape, long stride)
    {
        var (matrix, bias) = weights.Convolution(convolution, normalization, shape);
        var (kernel, pad) = (shape[2], shape[2] / 2);
        return Add(
            "Conv",
            [input, Constant($"{convolution}.weight", shape, matrix), Constant($"{convolution}.bias", [shape[0]], bias)],
            convolution,
            new("kernel_shape", [kernel, kernel]),
            new("pads", [pad, pad, pad, pad]),
            new("strides", [stride, stride])
        );
    }

    private string Relu(string input) => Add("Relu", [input], input + ".relu");

    private string Add(string operation, string[] inputs, string output, params OnnxAttribute[] attributes)
    {
        _graph.Nodes.Add(new OnnxNode(operation, inputs, output, attributes));
        return output;
    }

    private string Constant(string name, long[] shape, float[] values)
    {
        if (!halves || values.Length < LeastHalved)
        {
            _graph.Initializers.Add(OnnxTensor.Of(name, shape, values));
            return name;
        }

        var narrow = Array.ConvertAll(values, value => (Half)value);
        if (narrow.Any(Half.IsInfinity))
            throw new ModelException($"A weight of {name} does not fit into float16: import it with --weights float32.");
        _graph.Initializers.Add(OnnxTensor.Of(name + ".half", shape, narrow));
        return Add("Cast", [name + ".half"], name, new OnnxAttribute("to", (long)OnnxType.Float32));
    }
}
