using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference;

/// <summary>
/// An engine with its pre-processing that can be replaced while frames flow, between two frames: a tensor that the old network prepared is
/// inferred by the old one, every later one by the new one. Both have the same shapes, so that the tensors stay in use.
/// </summary>
public sealed class SwitchableNetwork : ILandmarkEngine, IPreprocessor
{
    private readonly Lock _lock = new();
    private readonly List<Generation> _retired = [];
    private volatile Generation _current;

    /// <summary>Takes both over.</summary>
    public SwitchableNetwork(IPreprocessor preprocessor, ILandmarkEngine engine) => _current = new Generation(preprocessor, engine);

    /// <summary>The network in use.</summary>
    public EngineInfo Info => _current.Engine.Info;

    /// <summary>Puts another network in place, which it takes over; the old one goes when the next is put in place, or with this.</summary>
    /// <exception cref="EngineException">Its shapes are others; the old network stays in use, and the new one the caller's.</exception>
    public void Replace(IPreprocessor preprocessor, ILandmarkEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var (old, next) = (Info.Model, engine.Info.Model);
        if ((next.InputSize, next.Landmarks) != (old.InputSize, old.Landmarks))
            throw new EngineException(
                $"The model '{next.Name}' takes {next.InputSize} pixels and gives {next.Landmarks} points, the one in use {old.InputSize} and {old.Landmarks}: set Models:Default to it and start the node again.");
        lock (_lock)
        {
            _retired.ForEach(retired => retired.Dispose());
            _retired.Clear();
            _retired.Add(_current);
            lock (this) // the lane holds it while it prepares a frame: all of its faces, and its label, are of one network
                _current = new Generation(preprocessor, engine);
        }
    }

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var generation = _current;
        if (tensor.Network != generation)
        {
            (tensor.Network as Generation)?.Release(tensor);
            tensor.Network = generation;
        }

        generation.Preprocessor.Prepare(frame, region, tensor);
    }

    /// <inheritdoc/>
    public void Run(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Network ??= _current; // a warm-up is not prepared
        ((Generation)tensor.Network).Run(tensor);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _retired.ForEach(retired => retired.Dispose());
            _current.Dispose();
        }
    }

    /// <summary>One network with the tensors that its engine has bound.</summary>
    private sealed class Generation(IPreprocessor preprocessor, ILandmarkEngine engine) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly HashSet<FaceTensor> _bound = [];
        private bool _disposed;

        public IPreprocessor Preprocessor => preprocessor;

        public ILandmarkEngine Engine => engine;

        public void Run(FaceTensor tensor)
        {
            lock (_lock)
            {
                if (_disposed)
                    throw new EngineException("The model was replaced while the frame was under way.");
                engine.Run(tensor);
                if (tensor.Binding is not null)
                    _bound.Add(tensor);
            }
        }

        /// <summary>A binding goes before the engine it belongs to.</summary>
        public void Release(FaceTensor tensor)
        {
            lock (_lock)
            {
                if (!_bound.Remove(tensor))
                    return;
                tensor.Binding?.Dispose();
                tensor.Binding = null;
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                if (_disposed)
                    return;
                _disposed = true;
                foreach (var tensor in _bound)
                {
                    tensor.Binding?.Dispose();
                    tensor.Binding = null;
                }

                engine.Dispose();
                preprocessor.Dispose();
            }
        }
    }
}
