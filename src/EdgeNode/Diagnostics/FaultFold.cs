namespace FaceLandmark.Diagnostics;

/// <summary>
/// Folds a flood of faults: says at most once a second that one is to be reported, with the number since the last time. One thread at a
/// time.
/// </summary>
internal sealed class FaultFold(TimeProvider time)
{
    private long _since;
    private long _reportedAt;
    private bool _reported;

    /// <summary>Faults since the last success.</summary>
    public int InARow { get; private set; }

    /// <summary>Counts a fault.</summary>
    /// <param name="count">Faults since the last report, this one included.</param>
    /// <returns>True when it is to be reported now.</returns>
    public bool ShouldReport(out long count)
    {
        InARow++;
        count = ++_since;
        if (_reported && time.GetElapsedTime(_reportedAt) < TimeSpan.FromSeconds(1))
            return false;
        (_reported, _reportedAt, _since) = (true, time.GetTimestamp(), 0);
        return true;
    }

    /// <summary>Something succeeded.</summary>
    public void Clear() => InARow = 0;
}
