using FaceLandmark.Diagnostics;

namespace FaceLandmark.Soak;

/// <summary>How memory and latency go over a soak: a look every so often, kept in a fixed number.</summary>
internal sealed class SoakSamples(TimeProvider time)
{
    // The beginning of a run is not what is measured: caches fill, code is compiled again.
    private const double WarmUp = 0.2;
    private const int KeptAtMost = 1000;
    private readonly long _start = time.GetTimestamp();
    private readonly List<Sample> _samples = [];
    private int _every = 1;
    private int _looks;

    /// <summary>Open descriptors of this process.</summary>
    public static int Handles => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    /// <summary>Looks; with time every second look only is kept, then every fourth...</summary>
    public void Look(NodeMetrics figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (_looks++ % _every != 0)
            return;
        var latency = figures.Snapshot().EndToEnd.P50;
        _samples.Add(new Sample(time.GetElapsedTime(_start).TotalHours, ProcessUsage.ResidentBytes / 1024.0, latency));
        if (_samples.Count < KeptAtMost)
            return;
        var kept = _samples.Where((_, index) => index % 2 == 0).ToList();
        _samples.Clear();
        _samples.AddRange(kept);
        _every *= 2;
    }

    /// <summary>
    /// Kilobytes an hour that resident memory grows by: the median of the slopes between any two looks (Theil and Sen), which a few odd
    /// ones do not move.
    /// </summary>
    public double MemorySlope()
    {
        var warm = Warm();
        var slopes = new List<double>();
        for (var i = 0; i < warm.Count; i++)
        {
            for (var j = i + 1; j < warm.Count; j++)
                slopes.Add((warm[j].MemoryKb - warm[i].MemoryKb) / (warm[j].Hours - warm[i].Hours));
        }

        return slopes.Count == 0 ? 0 : Median(slopes);
    }

    /// <summary>The median latency in the last third over that in the first: 1 is none.</summary>
    public double LatencyDrift()
    {
        var warm = Warm();
        var third = warm.Count / 3;
        if (third == 0)
            return 1;
        var before = Median([.. warm.Take(third).Select(sample => sample.LatencyMs)]);
        return before > 0 ? Median([.. warm.TakeLast(third).Select(sample => sample.LatencyMs)]) / before : 1;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private List<Sample> Warm() => [.. _samples.Skip((int)(_samples.Count * WarmUp))];

    private readonly record struct Sample(double Hours, double MemoryKb, double LatencyMs);
}
