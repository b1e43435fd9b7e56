namespace FaceLandmark.Inference;

/// <summary>
/// A network that can be replaced while frames flow, between two frames: a frame has a lease of one network from its pre-processing to the
/// end of its inference, and later frames get the new one. Thread-safe.
/// </summary>
internal sealed class SwitchableNetwork(LandmarkNetwork network) : IDisposable
{
    private readonly Lock _lock = new();
    private LandmarkNetwork _current = network;

    /// <summary>What the network in use is.</summary>
    public EngineInfo Info
    {
        get
        {
            lock (_lock)
                return _current.Info;
        }
    }

    /// <summary>How many faces may be inferred at once.</summary>
    public int AtOnce { get; } = network.AtOnce;

    /// <summary>The network in use, for one frame; to be given back by <see cref="LandmarkNetwork.Release"/>.</summary>
    public LandmarkNetwork Lease()
    {
        lock (_lock)
        {
            _current.AddLease();
            return _current;
        }
    }

    /// <summary>Puts another network in place, which it takes over; the old one goes with its last frame.</summary>
    /// <exception cref="EngineException">Its shapes are others; the old network stays in use, and the new one the caller's.</exception>
    public void Replace(LandmarkNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        LandmarkNetwork old;
        lock (_lock)
        {
            old = _current;
            var (before, next) = (old.Info.Model, network.Info.Model);
            if ((next.InputSize, next.Landmarks) != (before.InputSize, before.Landmarks))
            {
                throw new EngineException(
                    $"The model '{next.Name}' takes {next.InputSize} pixels and gives {next.Landmarks} points, "
                        + $"but the one in use takes {before.InputSize} and gives "
                        + $"{before.Landmarks}: set Models:Default to it and restart the node."
                );
            }

            _current = network;
        }

        old.Retire();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _current.Dispose();
    }
}
