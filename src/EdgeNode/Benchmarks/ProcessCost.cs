namespace FaceLandmark.Benchmarks;

/// <summary>What a process has used since its start, or between two moments.</summary>
/// <param name="ProcessorMs">Processor time of all its threads, milliseconds.</param>
/// <param name="AllocatedBytes">Managed memory allocated.</param>
/// <param name="Gen0">Collections of generation 0.</param>
/// <param name="Gen1">Collections of generation 1.</param>
/// <param name="Gen2">Collections of generation 2.</param>
/// <param name="Switches">Context switches of its threads.</param>
internal readonly record struct ProcessCost(double ProcessorMs, long AllocatedBytes, int Gen0, int Gen1, int Gen2, long Switches)
{
    /// <summary>Since the start of this process.</summary>
    public static ProcessCost Now() =>
        new(
            Environment.CpuUsage.TotalTime.TotalMilliseconds,
            GC.GetTotalAllocatedBytes(),
            GC.CollectionCount(0),
            GC.CollectionCount(1),
            GC.CollectionCount(2),
            LinuxClock.ContextSwitches()
        );

    /// <summary>What came between two moments.</summary>
    public static ProcessCost operator -(ProcessCost later, ProcessCost earlier) =>
        new(
            later.ProcessorMs - earlier.ProcessorMs,
            later.AllocatedBytes - earlier.AllocatedBytes,
            later.Gen0 - earlier.Gen0,
            later.Gen1 - earlier.Gen1,
            later.Gen2 - earlier.Gen2,
            later.Switches - earlier.Switches
        );

    /// <summary>The difference, for languages without operators.</summary>
    public static ProcessCost Subtract(ProcessCost left, ProcessCost right) => left - right;
}
