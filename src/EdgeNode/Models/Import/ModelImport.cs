using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>From a checkpoint to a model of the catalogue: ONNX file and card.</summary>
internal static class ModelImport
{
    // A ResNet-152 takes a few seconds; what needs longer than this was made to.
    private static readonly TimeSpan s_within = TimeSpan.FromMinutes(3);

    /// <summary>Imports a checkpoint into the catalogue's folder.</summary>
    /// <param name="checkpoint">A .pth, .pt or .safetensors file.</param>
    /// <param name="source">What the card says it came from: the file's name or its address.</param>
    /// <param name="catalogue">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ModelException">It cannot be imported, or the name is taken; nothing is left in the folder then.</exception>
    /// <exception cref="Inference.EngineException">ONNX Runtime refuses what was written: a bug.</exception>
    public static ModelCard Run(
        string checkpoint,
        string source,
        ModelCatalogue catalogue,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Name is not null)
            catalogue.CheckFree(options.Name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_within);
        try
        {
            return RunWithin(checkpoint, source, catalogue, options, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelException(
                $"{checkpoint} cannot be imported: it took longer than {s_within.TotalMinutes} minutes, which no ResNet needs."
            );
        }
    }

    private static ModelCard RunWithin(
        string checkpoint,
        string source,
        ModelCatalogue catalogue,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        using var tensors = new TorchCheckpoint(checkpoint, cancellationToken);
        var weights = new DeepPoseWeights(tensors, checkpoint);
        var name = options.Name ?? $"deeppose-{weights.Architecture}";
        catalogue.CheckFree(name);
        var model = new DeepPoseGraph(weights, options.Halves).Build(options.Size);
        return catalogue.Add(
            model,
            new ModelCard
            {
                Name = name,
                File = name + ".onnx",
                InputSize = options.Size,
                LandmarkSet = options.LandmarkSet ?? ModelCard.LandmarkSetOf(weights.Landmarks),
                Landmarks = weights.Landmarks,
                Description = $"DeepPose, {Layout(weights)}, imported from {source}",
            }
        );
    }

    private static string Layout(DeepPoseWeights weights) =>
        weights.Architecture == "resnet"
            ? $"a ResNet of {string.Join('-', weights.Blocks)} {(weights.IsBottleneck ? "bottleneck" : "basic")} blocks"
            : weights.Architecture.Replace("resnet", "ResNet-", StringComparison.Ordinal);
}
