using System.Runtime.InteropServices;

namespace FaceLandmark.Benchmarks;

/// <summary>What Linux tells of a thread's and a process's costs, and a sleep that is finer than .NET's.</summary>
internal static partial class LinuxClock
{
    private const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int VoluntarySwitches = 16; // ru_nvcsw, counted in words of 64 bits from the start of rusage
    private const int OtherSwitches = 17; // ru_nivcsw

    /// <summary>Processor time of the calling thread, milliseconds: what others take of the processor does not count.</summary>
    /// <exception cref="BenchException">The system does not tell it.</exception>
    public static double ThreadMilliseconds() =>
        GetTime(ThreadTime, out var time) == 0
            ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6)
            : throw new BenchException("The system does not tell the processor time of a thread: measure on Linux.");

    /// <summary>How often the threads of this process have left a processor.</summary>
    /// <exception cref="BenchException">The system does not tell it.</exception>
    public static long ContextSwitches()
    {
        Span<long> usage = stackalloc long[32];
        return GetUsage(0, usage) == 0
            ? usage[VoluntarySwitches] + usage[OtherSwitches]
            : throw new BenchException("The system does not tell what the process has used: measure on Linux.");
    }

    /// <summary>Sleeps for fractions of a millisecond, too.</summary>
    public static void Sleep(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return;
        var wait = new TimeSpec((long)time.TotalSeconds, time.Ticks % TimeSpan.TicksPerSecond * 100);
        _ = NanoSleep(wait, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, Span<long> usage);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint left);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
