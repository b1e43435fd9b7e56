using System.IO.Hashing;
using System.Text;

namespace FaceLandmark.Tests.Models;

/// <summary>Writes zip files with any names, methods and sizes.</summary>
internal sealed class ZipWriter
{
    private readonly List<byte> _file = [];
    private readonly List<byte> _directory = [];
    private int _count;

    /// <summary>Adds an entry; what is given wins over what is true.</summary>
    public ZipWriter Add(
        string name,
        byte[] content,
        ushort method = 0,
        uint? size = null,
        uint? stored = null,
        uint? offset = null,
        uint? crc = null,
        ushort flags = 0
    )
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var at = (uint)_file.Count;
        Write(
            _file,
            0x04034b50u,
            (ushort)20,
            flags,
            method,
            0u,
            crc ?? Crc32.HashToUInt32(content),
            stored ?? (uint)content.Length,
            size ?? (uint)content.Length,
            (ushort)bytes.Length,
            (ushort)0
        );
        _file.AddRange(bytes);
        _file.AddRange(content);
        Write(
            _directory,
            0x02014b50u,
            (ushort)20,
            (ushort)20,
            flags,
            method,
            0u,
            crc ?? Crc32.HashToUInt32(content),
            stored ?? (uint)content.Length,
            size ?? (uint)content.Length,
            (ushort)bytes.Length,
            (ushort)0,
            (ushort)0,
            (ushort)0,
            (ushort)0,
            0u,
            offset ?? at
        );
        _directory.AddRange(bytes);
        _count++;
        return this;
    }

    public byte[] ToArray(ushort? count = null, uint? size = null, uint? offset = null)
    {
        var end = new List<byte>();
        Write(
            end,
            0x06054b50u,
            (ushort)0,
            (ushort)0,
            count ?? (ushort)_count,
            count ?? (ushort)_count,
            size ?? (uint)_directory.Count,
            offset ?? (uint)_file.Count,
            (ushort)0
        );
        return [.. _file, .. _directory, .. end];
    }

    private static void Write(List<byte> bytes, params object[] fields)
    {
        foreach (var field in fields)
            bytes.AddRange(field is ushort two ? BitConverter.GetBytes(two) : BitConverter.GetBytes((uint)field));
    }
}
