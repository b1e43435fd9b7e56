using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FaceLandmark.Platform;

/// <summary>
/// Files as people mean them, with an end and a size. A named pipe blocks its opener, and a device such as /dev/zero never ends, also
/// behind a link; .NET does not distinguish them from files.
/// </summary>
internal static partial class RegularFile
{
    // From linux/stat.h and fcntl.h; statx has the same layout on every processor.
    private const int CurrentFolder = -100;
    private const uint TypeInodeAndSize = 0x1 | 0x100 | 0x200;
    private const int BytesOfStatx = 256;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int DeviceAt = 136; // major and minor, four bytes each
    private const int NotThere = 2;
    private const int NotAFolder = 20;

    /// <summary>
    /// Why a path cannot be read as a file, as the rest of a sentence ("is missing", "is a named pipe, but must be a file"); null when it
    /// can, as far as its kind goes. Links are followed.
    /// </summary>
    public static string? Problem(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            return "is not a path";
        Span<byte> found = stackalloc byte[BytesOfStatx];
        if (Statx(CurrentFolder, path, 0, TypeInodeAndSize, ref MemoryMarshal.GetReference(found)) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is NotThere or NotAFolder ? "is missing" : $"cannot be examined ({Marshal.GetPInvokeErrorMessage(error)})";
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(found[ModeAt..]) >> 12) switch
        {
            0x8 => null,
            0x4 => "is a folder, but must be a file",
            0x1 => "is a named pipe, but must be a file",
            0xC => "is a socket, but must be a file",
            _ => "is a device, but must be a file",
        };
    }

    /// <summary>
    /// What tells a file or folder from all others of this machine, whatever its path; null when it does not exist. Links are followed.
    /// </summary>
    public static (ulong Device, ulong Inode)? Identity(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Span<byte> found = stackalloc byte[BytesOfStatx];
        return Statx(CurrentFolder, path, 0, TypeInodeAndSize, ref MemoryMarshal.GetReference(found)) == 0
            ? (BinaryPrimitives.ReadUInt64LittleEndian(found[DeviceAt..]), BinaryPrimitives.ReadUInt64LittleEndian(found[InodeAt..]))
            : null;
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">More bytes than this are refused; at most 2^31 - 57, the longest array.</param>
    /// <exception cref="IOException">It cannot be read, is no regular file, or is larger.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] ReadAll(string path, long most)
    {
        if (Problem(path) is { } problem)
            throw new IOException($"it {problem}.");
        most = Math.Min(most, Array.MaxLength);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length > most)
            throw new IOException($"it has {file.Length} bytes, more than {most}.");
        // The size is a promise only: a file may grow while it is read, and those of /proc have none.
        var bytes = new byte[(int)Math.Min(most, file.Length + 1)];
        var count = 0;
        for (int read; ; count += read)
        {
            if (count == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(Math.Max(most, count) + 1, Math.Max(4096, 2L * count)));
            read = file.Read(bytes, count, bytes.Length - count);
            if (read == 0)
                break;
            if (count + read > most)
                throw new IOException($"it has more than {most} bytes.");
        }

        return count == bytes.Length ? bytes : bytes[..count];
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte found);
}
