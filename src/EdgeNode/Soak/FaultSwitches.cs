using FaceLandmark.Platform;

namespace FaceLandmark.Soak;

/// <summary>Which faults are there now, and how long what they hit takes to work again after them. Thread-safe.</summary>
internal sealed class FaultSwitches(TimeProvider time)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);
    private readonly object _lock = new();
    private readonly HashSet<SoakFault> _on = [];
    private readonly Dictionary<SoakFault, long> _over = [];
    private readonly Dictionary<string, double> _recoveries = [];

    /// <summary>Called after a fault began or ended, one call at a time.</summary>
    public event Action<SoakFault, bool>? Switched;

    /// <summary>By kind, the longest time in milliseconds from the end of a fault until what it hit worked again.</summary>
    public IReadOnlyDictionary<string, double> Recoveries
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, double>(_recoveries);
        }
    }

    /// <summary>Begins or ends a fault.</summary>
    public void Switch(SoakFault fault, bool isOn)
    {
        lock (_lock)
        {
            if (isOn ? _on.Add(fault) : _on.Remove(fault))
            {
                Switched?.Invoke(fault, isOn);
                if (!isOn)
                    _over[fault] = time.GetTimestamp();
            }

            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Something works: faults that it had are over.</summary>
    /// <param name="track">Kinds that it can have.</param>
    /// <param name="camera">Which camera it is; 0 for what is none.</param>
    public void Works(IReadOnlyCollection<SoakFaultKind> track, int camera = 0)
    {
        lock (_lock)
        {
            if (_over.Count == 0)
                return;
            foreach (var (fault, since) in _over.Where(over => over.Key.Camera == camera && track.Contains(over.Key.Kind)).ToList())
            {
                _over.Remove(fault);
                var kind = fault.Kind.Word();
                var took = Math.Round(time.GetElapsedTime(since).TotalMilliseconds);
                _recoveries[kind] = Math.Max(took, _recoveries.GetValueOrDefault(kind));
            }
        }
    }

    /// <summary>Ends all that are there.</summary>
    public void AllOff()
    {
        lock (_lock)
        {
            foreach (var fault in _on.ToList())
                Switch(fault, false);
        }
    }

    /// <summary>Whether a camera, or what has none, has such a fault.</summary>
    public bool IsOn(SoakFaultKind kind, int camera = 0)
    {
        lock (_lock)
            return _on.Any(fault => fault.Kind == kind && fault.Camera == camera);
    }

    /// <summary>Blocks while a fault is there.</summary>
    /// <returns>Whether it was.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public bool WaitWhileOn(SoakFaultKind kind, int camera, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var waited = false;
            for (; IsOn(kind, camera); waited = true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_lock, s_lookEvery);
            }

            return waited;
        }
    }

    /// <summary>Waits while a fault is there.</summary>
    public async Task WhileOnAsync(SoakFaultKind kind, CancellationToken cancellationToken)
    {
        while (IsOn(kind))
            await Task.Delay(s_lookEvery, cancellationToken).ConfigureAwait(false);
    }
}
