using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>Looks at a shared library before the loader does, whose answer to a foreign or damaged one is a riddle or a crash.</summary>
internal static class ElfFile
{
    private const int HeaderBytes = 64;
    private const int LoadableSegment = 1;

    /// <summary>Checks that a file is a whole 64-bit library for this processor.</summary>
    /// <exception cref="EngineException">It is not; the message says what it is.</exception>
    public static void RequireThisMachine(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith("\u007fELF"u8))
            throw new EngineException(
                $"{path} is not a shared library of Linux (an ELF file): it is damaged, or it is something else; "
                    + "compile or copy it again."
            );
        var (machine, name) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (62, "x86-64"),
            Architecture.Arm64 => (183, "arm64"),
            var other => throw new EngineException($"TVM model objects are not supported on {other} processors: use an ONNX model."),
        };
        var found = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        if (header[4] != 2 || header[5] != 1 || found != machine)
            throw new EngineException(
                $"{path} is made for {MachineName(found)}, but this processor is {name}: "
                    + $"get one for {name}; the scripts in models/compile compile model objects for both."
            );
        RequireWhole(path, file, header);
    }

    /// <summary>Mapping a file that ends before its segments do would end the process by a bus error.</summary>
    private static void RequireWhole(string path, FileStream file, ReadOnlySpan<byte> header)
    {
        var table = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
        var entryBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        var isWhole = entryBytes >= 56 && table >= HeaderBytes && table <= file.Length - (entryBytes * entries);
        Span<byte> entry = stackalloc byte[56];
        for (var i = 0; isWhole && i < entries; i++)
        {
            file.Position = table + (i * entryBytes);
            file.ReadExactly(entry);
            if (BinaryPrimitives.ReadInt32LittleEndian(entry) == LoadableSegment)
            {
                var offset = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
                var length = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
                isWhole = offset <= (ulong)file.Length && length <= (ulong)file.Length - offset;
            }
        }

        if (!isWhole)
            throw new EngineException($"{path} is cut off or damaged: the file ends too early; compile or copy it again.");
    }

    private static string MachineName(int machine) =>
        machine switch
        {
            3 => "32-bit x86",
            40 => "32-bit Arm",
            62 => "x86-64",
            183 => "arm64",
            243 => "RISC-V",
            _ => $"another processor (ELF machine {machine})",
        };
}
