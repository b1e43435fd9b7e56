using System.Globalization;

namespace FaceLandmark.Diagnostics;

/// <summary>What this process costs the machine.</summary>
internal sealed class ProcessUsage(TimeProvider time)
{
    private const string TemperatureFile = "/sys/class/thermal/thermal_zone0/temp";
    private static readonly string[] s_own = ["RssAnon", "RssShmem", "VmSwap"];
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(0.5);
    private readonly Lock _lock = new();
    private TimeSpan _processor = Environment.CpuUsage.TotalTime;
    private long _at = time.GetTimestamp();
    private double _percent;

    /// <summary>Resident memory, bytes.</summary>
    public static long ResidentBytes => Environment.WorkingSet;

    /// <summary>
    /// Memory that is this process's own, bytes: resident or swapped out, without the pages of files, which the system takes and gives back
    /// as it likes.
    /// </summary>
    public static long OwnBytes()
    {
        if (!OperatingSystem.IsLinux())
            return ResidentBytes;
        // RssAnon:     169544 kB
        var kilobytes = File.ReadLines("/proc/self/status")
            .Select(line => line.Split(':', 2))
            .Where(line => s_own.Contains(line[0]))
            .Sum(line => long.Parse(line[1].AsSpan().Trim("\t kB"), CultureInfo.InvariantCulture));
        return kilobytes * 1024;
    }

    /// <summary>Temperature of the first thermal zone, where Linux shows one.</summary>
    public static double? TemperatureC()
    {
        try
        {
            return double.Parse(File.ReadAllText(TemperatureFile), CultureInfo.InvariantCulture) / 1000;
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or FormatException)
        {
            return null; // no sensor is no fault
        }
    }

    /// <summary>Processor time over the last half second or longer, percent of one core; several readers get the same.</summary>
    public double CpuPercent()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var wall = time.GetElapsedTime(_at, now);
            if (wall < s_least)
                return _percent;
            var processor = Environment.CpuUsage.TotalTime;
            _percent = 100 * (processor - _processor) / wall;
            (_processor, _at) = (processor, now);
            return _percent;
        }
    }
}
