using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;
using Google.Protobuf;

namespace FaceLandmark.Models.Quantize;

/// <summary>Brings a model to eight bits: static quantisation after training, in QDQ form, with ranges from pictures.</summary>
internal static class ModelQuantizer
{
    private const long LeastOperators = 13; // one range a channel

    /// <summary>Writes the 8-bit version of a model into the catalogue.</summary>
    /// <param name="card">The model; it stays as it is.</param>
    /// <param name="catalogue">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="pictures">Shows every picture to its argument, prepared as in the pipeline; called three times.</param>
    /// <exception cref="ModelException">The model cannot be quantised, or the name is taken; the folder stays as it was.</exception>
    public static ModelCard Run(
        ModelCard card,
        ModelCatalogue catalogue,
        QuantizeOptions options,
        Action<string, Action<FaceTensor>> pictures
    )
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pictures);
        var name = options.Name ?? card.Name + "-int8";
        catalogue.CheckFree(name);
        WeightsFile.Verify(card);
        var model = OnnxModel.Read(card.Path);
        if (model.OperatorVersion < LeastOperators)
            throw new ModelException(
                $"{card.Path} is written in operator set {model.OperatorVersion}, but {LeastOperators} or later is needed: export it again."
            );
        WidenHalves(model.Graph);
        if (!options.FloatFirst)
            PixelBlocks.Rewrite(model, card.InputSize);
        var plan = new QuantizationPlan(model.Graph, options);
        List<OnnxModel> versions;
        using (var calibration = new Calibration(model, plan.Ranged.Values.Distinct()))
        {
            pictures("Ranges", calibration.Widen);
            pictures("Counts", calibration.Count);
            versions = [.. Enum.GetValues<RangeError>().Select(kind => Version(model, options, calibration.Ranges(kind)))];
        }

        using var check = new AnswerCheck(model, versions, card.Landmarks);
        pictures("Answers", check.Compare);
        return catalogue.Add(
            versions[check.Nearest],
            card with
            {
                Name = name,
                File = name + ".onnx",
                Quantized = null,
                WeightBits = ModelCard.FitsSixteenBits,
                Description = $"{card.Name} in 8 bits" + (card.Description is null ? "" : $": {card.Description}"),
                Errors = null,
            }
        );
    }

    /// <summary>A model of its own with the same content.</summary>
    internal static OnnxModel Copy(OnnxModel model)
    {
        var copy = new OnnxModel();
        copy.MergeFrom(model.ToByteArray());
        return copy;
    }

    private static OnnxModel Version(OnnxModel model, QuantizeOptions options, IReadOnlyDictionary<string, QuantizedRange> ranges)
    {
        var version = Copy(model);
        QdqGraph.Rewrite(version.Graph, new QuantizationPlan(version.Graph, options), ranges);
        return version;
    }

    /// <summary>Makes float32 constants of weights that are stored as float16 and cast at load.</summary>
    internal static void WidenHalves(OnnxGraph graph)
    {
        var constants = graph.Initializers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        graph.Nodes.RemoveAll(node =>
        {
            if (
                node.Operation != "Cast"
                || !constants.TryGetValue(node.Inputs[0], out var half)
                || half.Type != OnnxType.Float16
                || node.Attribute("to", 0) != (long)OnnxType.Float32
            )
                return false;
            graph.Initializers.Remove(half);
            graph.Initializers.Add(OnnxTensor.Of(node.Outputs[0], half.Shape, half.ToFloats()));
            return true;
        });
    }
}
