namespace FaceLandmark.Pipeline;

/// <summary>
/// Whether an engine is to be used with <see cref="DispatchMode.Failover"/>. Kept by the <see cref="Dispatcher"/> under its lock.
/// </summary>
internal sealed class EngineHealth(TimeProvider time)
{
    private long _failedAt;
    private long _triedAt;

    /// <summary>Why it was given up; null while it is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>How long it has been given up.</summary>
    public TimeSpan FailedFor => time.GetElapsedTime(_failedAt);

    /// <summary>It failed, or a probe did.</summary>
    /// <returns>True when it was well until now.</returns>
    public bool Fail(string fault)
    {
        _triedAt = time.GetTimestamp();
        var isNew = Fault is null;
        if (isNew)
            (Fault, _failedAt) = (fault, _triedAt);
        return isNew;
    }

    /// <summary>A probe succeeded.</summary>
    public void Recover() => Fault = null;

    /// <summary>Whether it is time for another probe; true begins the time until the next.</summary>
    public bool TakeProbe(TimeSpan every)
    {
        if (time.GetElapsedTime(_triedAt) < every)
            return false;
        _triedAt = time.GetTimestamp();
        return true;
    }
}
