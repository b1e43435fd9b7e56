using System.Runtime.InteropServices;

namespace FaceLandmark.Capture.V4l2;

/// <summary>The calls of the system that V4L2 consists of. The numbers are those of Linux on x86-64 and arm64.</summary>
internal static unsafe partial class LibC
{
    public const int OpenReadWrite = 2;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const int ProtectionReadWrite = 3;
    public const int MapShared = 1;
    public const short PollIn = 1;
    public const short PollErr = 8;

    public const int NotPermitted = 1; // EPERM
    public const int NoEntry = 2; // ENOENT
    public const int Interrupted = 4; // EINTR
    public const int InputOutput = 5; // EIO
    public const int NoSuchAddress = 6; // ENXIO
    public const int TryAgain = 11; // EAGAIN
    public const int AccessDenied = 13; // EACCES
    public const int Busy = 16; // EBUSY
    public const int NoDevice = 19; // ENODEV
    public const int NotADirectory = 20; // ENOTDIR
    public const int Invalid = 22; // EINVAL
    public const int NotForThisDevice = 25; // ENOTTY
    public const int NoSpace = 28; // ENOSPC
    public const int BrokenPipe = 32; // EPIPE
    public const int NoLink = 67; // ENOLINK

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    // The argument of ioctl is variadic; on Linux it is passed as a plain one.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(V4l2Handle device, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, V4l2Handle device, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Explicit, Size = 8)]
    public struct PollEntry
    {
        [FieldOffset(0)]
        public int File;

        [FieldOffset(4)]
        public short Events;

        [FieldOffset(6)]
        public short Returned;
    }
}
