using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference;

/// <summary>
/// A loaded network: its engine, its pre-processing and the tensors that the engine has bound. The holder of a lease may use it; once
/// it is retired it goes with the last lease. Thread-safe, except that one thread at a time calls <see cref="Run"/>.
/// </summary>
internal sealed class LandmarkNetwork(IPreprocessor preprocessor, ILandmarkEngine engine) : IDisposable
{
    /// <summary>How long disposing waits for an engine at work. One that hangs is left alone: its memory goes with the process.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly object _lock = new();
    private readonly Lock _preparing = new();
    private readonly List<FaceTensor> _tensors = [];
    private readonly Stack<FaceTensor> _free = new();
    private readonly SemaphoreSlim _places = new(engine.AtOnce);
    private int _leases;
    private int _busy;
    private bool _isRetired;
    private bool _isClosed;
    private bool _isDisposed;

    /// <summary>What it is.</summary>
    public EngineInfo Info => engine.Info;

    /// <summary>How many faces may be inferred at once.</summary>
    public int AtOnce => engine.AtOnce;

    /// <summary>What its file calls its tensors.</summary>
    public TensorNames Tensors => engine.Tensors;

    /// <summary>A tensor of its shapes.</summary>
    public FaceTensor Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var free))
                return free;
            var tensor = new FaceTensor(Info.Model.InputSize, Info.Model.Landmarks);
            _tensors.Add(tensor);
            return tensor;
        }
    }

    /// <summary>Takes a tensor back.</summary>
    public void Return(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        lock (_lock)
        {
            if (!_isDisposed)
                _free.Push(tensor);
            else
                tensor.Dispose();
        }
    }

    /// <summary>Makes a face's tensor.</summary>
    /// <exception cref="EngineException">The device refuses, or the network is closed.</exception>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        Enter();
        try
        {
            lock (_preparing) // a second look at a face is prepared between the inferences of its frame
                preprocessor.Prepare(frame, region, tensor);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Infers a face's landmarks.</summary>
    /// <exception cref="EngineException">The engine refuses, or the network is closed.</exception>
    public void Run(FaceTensor tensor)
    {
        Enter();
        try
        {
            engine.Run(tensor);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>
    /// Infers a face's landmarks while others are inferred; <see cref="AtOnce"/> at once, and what is more waits: a network that took the
    /// place of another may do fewer.
    /// </summary>
    /// <exception cref="EngineException">The engine refuses, or the network is closed.</exception>
    public async Task RunAsync(FaceTensor tensor)
    {
        await _places.WaitAsync().ConfigureAwait(false);
        try
        {
            Enter();
            try
            {
                await engine.RunAsync(tensor).ConfigureAwait(false);
            }
            finally
            {
                Exit();
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Asks an engine that is at work to end.</summary>
    public void GiveUp() => engine.GiveUp();

    /// <summary>Gives a lease back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_leases > 0 || !_isRetired)
                return;
        }

        Task.Run(End); // takes its time, which frames have not
    }

    /// <summary>Closes it: waits for what is at work, and disposes of engine, pre-processing and tensors.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_busy > 0)
                Monitor.Wait(_lock, s_patience);
            if (_busy > 0)
                NativeCalls.LeaveRunning();
            if (_busy > 0 || _isDisposed)
                return;
            _isDisposed = true;
            foreach (var tensor in _tensors)
            {
                tensor.Binding?.Dispose(); // a binding goes before its engine
                tensor.Binding = null;
            }

            while (_free.TryPop(out var tensor))
                tensor.Dispose();
        }

        engine.Dispose();
        preprocessor.Dispose();
    }

    internal void AddLease()
    {
        lock (_lock)
            _leases++;
    }

    /// <summary>No more leases will be taken.</summary>
    internal void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            if (_leases > 0)
                return;
        }

        End();
    }

    private void End()
    {
        Dispose();
        NativeHeap.Trim();
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (_isClosed)
                throw new EngineException("the engine is closed");
            _busy++;
        }
    }

    private void Exit()
    {
        lock (_lock)
        {
            if (--_busy == 0)
                Monitor.PulseAll(_lock);
        }
    }
}
