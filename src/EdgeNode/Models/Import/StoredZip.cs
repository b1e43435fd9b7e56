using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using FaceLandmark.ModelCards;
using Microsoft.Win32.SafeHandles;

namespace FaceLandmark.Models.Import;

/// <summary>
/// Reads the entries of a zip file that are stored without compression, as PyTorch writes all but the source code of TorchScript
/// (NAME/code/): nothing is ever unpacked. The directory is checked whole before any entry is read. Layout: APPNOTE.TXT of PKWARE, 4.3 to
/// 4.5.
/// </summary>
internal sealed class StoredZip : IDisposable
{
    private const int MostEntries = 65_536;
    private const int MostDirectoryBytes = 16 << 20;
    private const int EndSize = 22;
    private const int HeaderSize = 46;
    private const int LocalHeaderSize = 30;
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint HeaderSignature = 0x02014b50;
    private const uint LocalHeaderSignature = 0x04034b50;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Opens a zip file and checks its directory.</summary>
    /// <exception cref="ModelException">It is damaged, or holds what PyTorch does not write.</exception>
    public StoredZip(string path)
    {
        _path = path;
        _file = File.OpenHandle(path);
        try
        {
            _length = RandomAccess.GetLength(_file);
            ReadDirectory();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Size of an entry in bytes, or null when there is none of this name.</summary>
    public long? SizeOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.Size : null;

    /// <summary>The bytes of an entry, compared with its checksum.</summary>
    /// <exception cref="ModelException">There is none, it is larger than <paramref name="most"/>, or it is damaged.</exception>
    public byte[] Read(string name, long most)
    {
        var (start, entry) = Find(name);
        if (entry.Size > most)
            throw Refused($"its entry {name} has {entry.Size} bytes, more than {most}");
        var bytes = ReadAt(start, entry.Size);
        return Crc32.HashToUInt32(bytes) == entry.Crc
            ? bytes
            : throw Refused($"the checksum of its entry {name} does not match: the file is damaged");
    }

    /// <summary>A part of an entry, which <see cref="Read"/> has compared with its checksum before.</summary>
    public byte[] ReadPart(string name, long first, long count)
    {
        var (start, entry) = Find(name);
        return first >= 0 && count <= entry.Size - first ? ReadAt(start + first, count) : throw Refused($"its entry {name} is too short");
    }

    public void Dispose() => _file.Dispose();

    private (long Start, Entry Entry) Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw Refused($"its entry {name} is missing");
        if (!entry.IsPlain)
            throw Refused($"its entry {name} is compressed");
        var local = ReadAt(entry.Offset, LocalHeaderSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalHeaderSignature)
            throw Refused($"its entry {name} has no header where the directory says");
        return (
            entry.Offset
                + LocalHeaderSize
                + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26))
                + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28)),
            entry
        );
    }

    private void ReadDirectory()
    {
        var (count, size, offset) = FindDirectory();
        if (count > MostEntries || size > MostDirectoryBytes)
            throw Refused(
                $"its directory has {count} entries in {size} bytes; no checkpoint has more than {MostEntries} in {MostDirectoryBytes}"
            );
        var directory = ReadAt(offset, size);
        var position = 0;
        long total = 0;
        for (ulong i = 0; i < count; i++)
        {
            var header = Slice(directory, position, HeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
                throw Refused("its directory is damaged");
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
            var name = CheckedName(Slice(directory, position + HeaderSize, nameLength));
            var entry = ReadEntry(name, header, Slice(directory, position + HeaderSize + nameLength, extraLength));
            total += entry.Size;
            if (total > _length)
                throw Refused("its entries together are larger than the file: they overlap");
            if (!_entries.TryAdd(name, entry))
                throw Refused($"it has two entries {name}");
            position += HeaderSize + nameLength + extraLength + commentLength;
        }
    }

    private Entry ReadEntry(string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        if ((flags & 1) != 0)
            throw Refused($"its entry {name} is encrypted");
        if (method != 0 && !(name.IndexOf('/', StringComparison.Ordinal) is var cut && name.AsSpan(cut + 1).StartsWith("code/")))
            throw Refused(
                $"its entry {name} is compressed, but PyTorch stores entries as they are; "
                    + "unpack it and pack it again without compression (zip -0)"
            );
        ulong stored = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        ulong size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        ulong offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        while (extra.Length >= 4)
        {
            var (id, length) = (BinaryPrimitives.ReadUInt16LittleEndian(extra), BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]));
            if (length > extra.Length - 4)
                throw Refused("its directory is damaged");
            var field = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            if (id != 1)
                continue;
            size = Wide(size, ref field);
            stored = Wide(stored, ref field);
            offset = Wide(offset, ref field);
        }

        if ((stored != size && method == 0) || stored > (ulong)_length || offset > (ulong)_length - stored)
            throw Refused($"its entry {name} reaches beyond the end of the file");
        return new Entry((long)offset, (long)stored, method == 0, BinaryPrimitives.ReadUInt32LittleEndian(header[16..]));
    }

    // Zip64: a field that is all ones is found in the extra field, in this order.
    private ulong Wide(ulong value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue)
            return value;
        if (field.Length < 8)
            throw Refused("its directory is damaged");
        var wide = BinaryPrimitives.ReadUInt64LittleEndian(field);
        field = field[8..];
        return wide;
    }

    private (ulong Count, ulong Size, ulong Offset) FindDirectory()
    {
        var tailLength = Math.Min(_length, EndSize + ushort.MaxValue);
        var tail = ReadAt(_length - tailLength, tailLength);
        for (var i = tail.Length - EndSize; i >= 0; i--)
        {
            var end = tail.AsSpan(i);
            if (
                BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature
                || EndSize + BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) != end.Length
            )
                continue;
            ulong count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            ulong size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            ulong offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            return count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue
                ? FindDirectory64(_length - tailLength + i)
                : (count, size, offset);
        }

        throw Refused("it has no zip directory at its end: it was cut off, or is not a zip file; get it again");
    }

    private (ulong Count, ulong Size, ulong Offset) FindDirectory64(long end)
    {
        var locator = ReadAt(end - 20, 20);
        var end64 = BinaryPrimitives.ReadUInt64LittleEndian(locator.AsSpan(8));
        var record = ReadAt(end64, 56);
        if (
            BinaryPrimitives.ReadUInt32LittleEndian(locator) != Locator64Signature
            || BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Signature
        )
            throw Refused("its directory is damaged");
        return (
            BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(32)),
            BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(40)),
            BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(48))
        );
    }

    private string CheckedName(ReadOnlySpan<byte> bytes)
    {
        var name = Encoding.UTF8.GetString(bytes);
        var isPlain =
            name.Length > 0
            && !name.Any(letter => char.IsControl(letter) || letter is '\\' or ':' or '\uFFFD')
            && !name.StartsWith('/')
            && !name.Split('/').Any(part => part is "." or "..");
        return isPlain
            ? name
            : throw Refused($"its entry '{PickleException.Shown(name)}' has a name that leads out of the archive or is not a name");
    }

    private ReadOnlySpan<byte> Slice(byte[] directory, int start, int length) =>
        start >= 0 && length <= directory.Length - start ? directory.AsSpan(start, length) : throw Refused("its directory is damaged");

    private byte[] ReadAt(ulong offset, ulong length) =>
        offset <= (ulong)_length
            ? ReadAt((long)offset, length <= (ulong)_length ? (long)length : long.MaxValue)
            : throw Refused("its directory is damaged or cut off");

    private byte[] ReadAt(long offset, long length)
    {
        if (offset < 0 || length > _length - offset)
            throw Refused("its directory is damaged or cut off");
        var bytes = new byte[length];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(_file, bytes.AsSpan(done), offset + done);
            done += read > 0 ? read : throw Refused("it was cut off while it was read");
        }

        return bytes;
    }

    private ModelException Refused(string reason) => new($"{_path} cannot be imported: {reason}.");

    private sealed record Entry(long Offset, long Size, bool IsPlain, uint Crc);
}
