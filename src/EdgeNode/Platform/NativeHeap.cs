using System.Runtime.InteropServices;

namespace FaceLandmark.Platform;

/// <summary>The heap of native libraries.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Gives memory that was freed back to the system. The C library keeps it for later, in pieces of each thread: after dozens of
    /// networks that were loaded and dropped, that is several times what one network takes.
    /// </summary>
    public static void Trim()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has it; others give memory back by themselves.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
