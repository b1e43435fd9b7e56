using FaceLandmark.Diagnostics;

namespace FaceLandmark.Soak;

/// <summary>How memory and latency go over a soak.</summary>
/// <param name="duration">How long it takes.</param>
/// <param name="time">The clock.</param>
internal sealed class SoakSamples(TimeSpan duration, TimeProvider time)
{
    // The beginning of a run is not what is measured: code is compiled again.
    private const double WarmUp = 0.2;
    private readonly long _start = time.GetTimestamp();
    private readonly MemoryFloors _floors = new(duration);
    private readonly List<double> _latencies = [];
    private int _cleared;

    /// <summary>Open descriptors of this process.</summary>
    public static int Handles => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    /// <summary>Looks.</summary>
    public void Look(NodeMetrics figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        _latencies.Add(figures.Snapshot().EndToEnd.P50);
        var at = time.GetElapsedTime(_start);
        if (duration >= MemoryTrend.JudgedFrom && _floors.PieceOf(at) > _cleared)
        {
            // Once in each piece garbage is taken away, so that its floor tells what is held and not when the runtime last collected.
            _cleared = _floors.PieceOf(at);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        _floors.Note(at, ProcessUsage.OwnBytes() / 1024.0);
    }

    /// <summary>How memory goes.</summary>
    public MemoryTrend Memory() => MemoryTrend.Of(_floors.Kilobytes, duration);

    /// <summary>The median latency in the last third over that in the first: 1 is none.</summary>
    public double LatencyDrift()
    {
        var warm = _latencies.Skip((int)(_latencies.Count * WarmUp)).ToList();
        var third = warm.Count / 3;
        if (third == 0)
            return 1;
        var before = Median([.. warm.Take(third)]);
        return before > 0 ? Median([.. warm.TakeLast(third)]) / before : 1;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
