namespace FaceLandmark.Diagnostics;

/// <summary>Events a second over the last five seconds. Thread-safe; counting allocates nothing.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private const int Seconds = 5;

    // One bucket a second; the running second is not part of the rate until it is over.
    private readonly long[] _buckets = new long[Seconds + 1];
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private long _second;

    /// <summary>One more event.</summary>
    public void Count()
    {
        lock (_lock)
        {
            Advance();
            _buckets[_second % _buckets.Length]++;
        }
    }

    /// <summary>The rate over the last full seconds; over the running one before the first is full.</summary>
    public double PerSecond()
    {
        lock (_lock)
        {
            var elapsed = Advance();
            var full = Math.Min(_second, Seconds);
            if (full == 0)
                return elapsed > 0 ? _buckets[0] / elapsed : 0;
            long sum = 0;
            for (var back = 1; back <= full; back++)
                sum += _buckets[(_second - back) % _buckets.Length];
            return (double)sum / full;
        }
    }

    private double Advance()
    {
        var elapsed = time.GetElapsedTime(_started).TotalSeconds;
        var now = (long)elapsed;
        for (var second = Math.Max(_second + 1, now - Seconds); second <= now; second++)
            _buckets[second % _buckets.Length] = 0;
        _second = now;
        return elapsed;
    }
}
