using System.Runtime.InteropServices;
using FaceLandmark.Inference.DrpAi;

namespace FaceLandmark.Inference;

/// <summary>
/// Knows of native code that still runs when the process ends: an engine that hangs or is slow after the drain ran out. The C library's
/// <c>exit</c> runs the destructors of all libraries, those of the engine's runtime too, and a call that still runs in it then crashes
/// (signal 11).
/// </summary>
internal static partial class NativeCalls
{
    private static int s_left;

    /// <summary>Something was left running. Its memory stays until it returns or the process ends.</summary>
    public static void LeaveRunning() => Interlocked.Increment(ref s_left);

    /// <summary>What was left running has returned.</summary>
    public static void Return() => Interlocked.Decrement(ref s_left);

    /// <summary>Ends the process at once where native code still runs; otherwise gives the code back, for the usual end.</summary>
    public static int End(int exitCode)
    {
        if (Volatile.Read(ref s_left) == 0 && DrpAiLibrary.CallsUnderWay() == 0)
            return exitCode;
        Console.Out.Flush();
        Console.Error.Flush();
        ExitNow(exitCode);
        return exitCode;
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
