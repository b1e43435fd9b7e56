using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.Tvm;

/// <summary>
/// A TVM model object (<c>deploy.so</c>, <c>deploy.json</c>, <c>deploy.params</c>) on the CPU, by TVM's own runtime. Input 1 x 3 x S x S,
/// first output 1 x N x 2 or 1 x 2N, perhaps a second one, the presence logit; all float32. The input is read where it lies.
/// </summary>
internal sealed class TvmEngine : ILandmarkEngine
{
    private readonly TvmRuntime _runtime;
    private readonly TvmGraph _graph;
    private readonly TvmExecutor _executor;
    private readonly Action _run;
    private TvmBinding? _binding;

    /// <summary>Loads a model object.</summary>
    /// <param name="model">Its card; the weights are the folder's <c>deploy.params</c>.</param>
    /// <param name="options">Which runtime.</param>
    /// <exception cref="EngineException">Files are missing, damaged, for another processor or no landmark model; or the runtime is missing
    /// or refused.</exception>
    public TvmEngine(ModelCard model, TvmOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var files = TvmModelObject.Read(Path.GetDirectoryName(model.Path)!);
        _graph = files.Graph;
        if (_graph.Size != model.InputSize || _graph.Landmarks != model.Landmarks)
        {
            throw new EngineException(
                $"{files.Folder} takes {_graph.Size}x{_graph.Size} and gives {_graph.Landmarks} points, but its card says "
                    + $"{model.InputSize}x{model.InputSize} and {model.Landmarks}: correct the card or use the object it was written for."
            );
        }

        _runtime = TvmRuntime.Get(options);
        _executor = new TvmExecutor(_runtime, files);
        _run = RunBound;
        Info = new EngineInfo("tvm", $"TVM ({Path.GetFileName(_runtime.Path)})", new DeviceInfo("CPU", false), model);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <inheritdoc/>
    public TensorNames Tensors => new(_graph.Input, "landmarks", _graph.PointsShape, _graph.PresenceShape is null ? null : "presence");

    /// <inheritdoc/>
    public void Run(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _binding = (TvmBinding)(tensor.Binding ??= new TvmBinding(_graph, tensor));
        _runtime.Run(_run);
    }

    /// <inheritdoc/>
    public void Dispose() => _executor.Dispose();

    /// <summary>Size and number of landmarks of a model object, for folders without a card.</summary>
    /// <exception cref="EngineException">Files are missing, damaged, for another processor or no landmark model.</exception>
    internal static (int Size, int Landmarks) Inspect(string folder)
    {
        var graph = TvmModelObject.Read(folder).Graph;
        return (graph.Size, graph.Landmarks);
    }

    private void RunBound()
    {
        _executor.SetInput(_binding!.Input);
        _executor.Run();
        _executor.GetOutput(0, _binding.Points);
        if (_graph.PresenceShape is not null)
            _executor.GetOutput(1, _binding.Presence);
    }
}
