using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FaceLandmark.Platform;

/// <summary>
/// A clock whose timers are as fine as Linux has them (timerfd): .NET's count whole milliseconds and are up to one late, which is much
/// beside an inference of three.
/// </summary>
/// <remarks>
/// Each timer that was ever set has a thread of its own, which also runs the callback: what waits for it does not wait for the pool as
/// well. So it is for the few timers that need it, and for callbacks that take microseconds. Timers fire once.
/// </remarks>
internal sealed partial class FineTimers : TimeProvider
{
    private const int Monotonic = 1; // CLOCK_MONOTONIC, which Stopwatch reads as well
    private const int CloseOnExec = 0x80000; // TFD_CLOEXEC

    private FineTimers() { }

    /// <summary>The system's clock with fine timers; <paramref name="time"/> if that is another clock, or without Linux.</summary>
    public static TimeProvider Of(TimeProvider time) => time == System && OperatingSystem.IsLinux() ? new FineTimers() : time;

    /// <summary>A timer; where the system has none left, one of .NET's.</summary>
    /// <param name="callback">What it does, on its own thread.</param>
    /// <param name="state">Given to <paramref name="callback"/>.</param>
    /// <param name="dueTime">When it fires first.</param>
    /// <param name="period">Must be infinite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A period was given.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var handle = TimerCreate(Monotonic, CloseOnExec);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var timer = new FineTimer(handle, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    [LibraryImport("libc", EntryPoint = "timerfd_create")]
    private static partial SafeFileHandle TimerCreate(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime")]
    private static partial int TimerSet(SafeFileHandle timer, int flags, in TimerSetting setting, nint before);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle timer, out ulong expirations, nint bytes);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimerSetting(long PeriodSeconds, long PeriodNanoseconds, long Seconds, long Nanoseconds);

    private sealed class FineTimer(SafeFileHandle handle, TimerCallback callback, object? state) : ITimer
    {
        private readonly Lock _lock = new();
        private Thread? _thread;
        private bool _isClosed;

        /// <inheritdoc/>
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(period, Timeout.InfiniteTimeSpan);
            lock (_lock)
            {
                if (_isClosed)
                    return false;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return _thread is null || Set(0);
                if (_thread is null)
                {
                    _thread = new Thread(Run) { IsBackground = true, Name = "timer" };
                    _thread.Start();
                }

                return Set(Math.Max(1, dueTime.Ticks * 100)); // zero would disarm it
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (_lock)
            {
                if (_isClosed)
                    return;
                _isClosed = true;
                if (_thread is null)
                    handle.Dispose();
                else
                    Set(1); // wakes the thread, which closes
            }
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private bool Set(long nanoseconds)
        {
            var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
            return TimerSet(handle, 0, new TimerSetting(0, 0, seconds, rest), 0) == 0;
        }

        private void Run()
        {
            using (handle)
            {
                while (true)
                {
                    var read = Read(handle, out _, sizeof(ulong)); // a signal may end it, with nothing read
                    lock (_lock)
                    {
                        if (_isClosed)
                            return;
                    }

                    if (read == sizeof(ulong))
                        callback(state);
                }
            }
        }
    }
}
