using FaceLandmark.ModelCards;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Microsoft.ML.OnnxRuntime;

namespace FaceLandmark.Inference.Onnx;

/// <summary>
/// ONNX Runtime on the CPU. The model has one input 1 x 3 x S x S (float32), a first output 1 x N x 2 or 1 x 2N (float32), and may have a
/// second one, <c>presence</c>, 1 x 1 (float32, a logit). Every tensor's memory is bound once and reused.
/// </summary>
internal sealed class OnnxEngine : ILandmarkEngine
{
    // A thread that spins keeps the processor from the one that it waits for, where the system has put both on one: one inference in
    // fifteen took 8 ms instead of 3, until the spinning one had used up its turn. As long a spin brings most of the speed.
    private const string SpinForMicroseconds = "20";

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OnnxContract _contract;

    /// <summary>Loads a model.</summary>
    /// <exception cref="EngineException">The file is missing, no model, or not of this shape.</exception>
    public OnnxEngine(ModelCard model, OnnxOptions options)
        : this(model, options, null) { }

    /// <summary>Loads a model, its weights from memory instead of from its file where they are given.</summary>
    internal OnnxEngine(ModelCard model, OnnxOptions options, byte[]? weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _session = Open(model.Path, options, model.WeightBits, weights);
        AtOnce = Math.Max(1, options.AtOnce);
        try
        {
            _contract = OnnxContract.Read(_session, model.Path);
            if (_contract.Size != model.InputSize || _contract.Landmarks != model.Landmarks)
                throw new EngineException(
                    $"{model.Path} takes {_contract.Size}x{_contract.Size} and gives {_contract.Landmarks} points, but its card says "
                        + $"{model.InputSize}x{model.InputSize} and {model.Landmarks}: "
                        + "correct the card or use the weights it was written for."
                );
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        Info = new EngineInfo("onnx", $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}", new DeviceInfo("CPU", false), model);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <inheritdoc/>
    public int AtOnce { get; }

    /// <inheritdoc/>
    public TensorNames Tensors => new(_contract.Input, _contract.Points, _contract.PointsShape, _contract.Presence);

    /// <inheritdoc/>
    public void Run(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Binding ??= new OnnxBinding(_session, _contract, tensor);
        try
        {
            _session.RunWithBinding(_runOptions, ((OnnxBinding)tensor.Binding).Io);
        }
        catch (OnnxRuntimeException reason)
        {
            throw new EngineException($"ONNX Runtime could not run {Info.Model.Path}: {reason.Message}", reason);
        }
    }

    /// <inheritdoc/>
    public void GiveUp() => _runOptions.Terminate = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>Size and number of landmarks of a model file, for files without a card.</summary>
    /// <exception cref="EngineException">The file is missing, no model, or not of this shape.</exception>
    internal static (int Size, int Landmarks) Inspect(string path)
    {
        using var session = Open(path, new OnnxOptions { Optimization = OnnxOptimization.None, Threads = 1 });
        var contract = OnnxContract.Read(session, path);
        return (contract.Size, contract.Landmarks);
    }

    private static InferenceSession Open(string path, OnnxOptions options, int? weightBits = null, byte[]? weights = null)
    {
        if (!File.Exists(path))
            throw new EngineException($"The model {path} is missing: check Models:Folder and Models:Default, or put the file there.");
        if (weights is null && RegularFile.Problem(path) is { } problem)
            throw new EngineException($"The model {path} {problem}: give an ONNX file.");
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = options.Optimization switch
            {
                OnnxOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                OnnxOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                OnnxOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // On x86-64 without VNNI two products of bytes are added in 16 bits, which weights of all eight bits overflow. ONNX Runtime takes
        // slower sums of 32 bits for those, but looks at each weight first: loading a model takes 0.2 s more.
        if (weightBits is not <= ModelCard.FitsSixteenBits)
            session.AddSessionConfigEntry("session.x64quantprecision", "1");
        // Left to themselves, threads go on spinning after an inference, all the way to the next frame of a camera.
        session.AddSessionConfigEntry("session.force_spinning_stop", "1");
        if (!options.Spin)
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        else if (!options.SpinsOn)
            session.AddSessionConfigEntry("session.intra_op.spin_duration_us", SpinForMicroseconds);
        try
        {
            return weights is null ? new InferenceSession(path, session) : new InferenceSession(weights, session);
        }
        catch (OnnxRuntimeException reason)
        {
            throw new EngineException($"{path} is not a model that ONNX Runtime can load: {reason.Message}", reason);
        }
    }
}
