namespace FaceLandmark.Inference.Tvm;

/// <summary>A folder as TVM's compiler leaves it: kernels, graph, weights.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Graph">Its contract.</param>
internal sealed record TvmModelObject(string Folder, TvmGraph Graph)
{
    /// <summary>The file of the weights: a card that names it describes a model object.</summary>
    public const string Weights = "deploy.params";

    private const string Library = "deploy.so";
    private const string Graphs = "deploy.json";

    /// <summary>The kernels.</summary>
    public string LibraryPath => Path.Combine(Folder, Library);

    /// <summary>The weights.</summary>
    public string WeightsPath => Path.Combine(Folder, Weights);

    /// <summary>Whether a path of weights is that of a model object.</summary>
    public static bool Is(string weights) => Path.GetFileName(weights) == Weights;

    /// <summary>Reads and checks a folder without loading anything.</summary>
    /// <exception cref="EngineException">Files are missing, damaged, for another processor or no landmark model.</exception>
    public static TvmModelObject Read(string folder)
    {
        var missing = new[] { Library, Graphs, Weights }.Where(file => !File.Exists(Path.Combine(folder, file))).ToList();
        if (missing.Count > 0)
        {
            throw new EngineException(
                File.Exists(Path.Combine(folder, "mera.plan"))
                    ? $"{folder} holds a model object for DRP-AI (mera.plan), which the TVM engine cannot run on the CPU: "
                        + "compile the model for the CPU."
                    : $"The model object {folder} lacks {string.Join(", ", missing)}: it consists of {Library}, {Graphs} and {Weights}; "
                        + "copy or compile it again."
            );
        }

        ElfFile.RequireThisMachine(Path.Combine(folder, Library));
        return new TvmModelObject(folder, TvmGraph.Read(Path.Combine(folder, Graphs), TvmParameters.Read(Path.Combine(folder, Weights))));
    }
}
