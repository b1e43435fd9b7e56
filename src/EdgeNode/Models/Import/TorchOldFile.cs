using System.Buffers.Binary;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>
/// The format of PyTorch before 1.6, which some published checkpoints still have: the pickles of a magic number, of a version, of facts
/// about the machine, of the object and of the keys of its storages; then each storage's count (int64) and numbers, in the order of the
/// keys.
/// </summary>
internal sealed class TorchOldFile : ITorchArchive
{
    private const int MostPickleBytes = 32 << 20;
    private const long Version = 1001;

    private readonly string _path;
    private readonly byte[] _file;
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    public TorchOldFile(string path, CancellationToken cancellationToken)
    {
        _path = path;
        if (!BeginsWithMagic(path))
            throw Refused("it is neither a checkpoint of PyTorch (a zip file, or the format before 1.6) nor a safetensors file");
        _file = File.ReadAllBytes(path);
        try
        {
            var pickles = new PickleReader(
                _file.AsMemory(0, Math.Min(_file.Length, MostPickleBytes))[Magic.Length..],
                new TorchGlobals(isScript: false),
                cancellationToken
            );
            if (pickles.Load() is not Version)
                throw Refused($"it is not of version {Version} of PyTorch's old format");
            if (pickles.Load() is Dictionary<object, object?> machine && machine.GetValueOrDefault("little_endian") is false)
                throw Refused("its numbers are big-endian; save it on a little-endian machine");
            Root = pickles.Load();
            if (pickles.Load() is not List<object?> keys)
                throw Refused("it has no list of storages after its object");
            Locate(keys, pickles);
        }
        catch (PickleException reason)
        {
            throw Refused(reason.Message);
        }
    }

    public object? Root { get; }

    // The magic number 0x1950a86a20f9469cfc6c as PyTorch pickles it.
    private static ReadOnlySpan<byte> Magic => [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

    public bool IsModule(PickleObject made) => false;

    public byte[] Read(TorchStorage storage, long first, long count)
    {
        var width = TorchStorage.SizeOf(storage.Type);
        return _positions.TryGetValue(storage.Key, out var position)
            ? _file.AsSpan(position + (int)(first * width), (int)(count * width)).ToArray()
            : throw Refused($"the storage {PickleException.Shown(storage.Key)} is missing");
    }

    public void Dispose() { }

    private static bool BeginsWithMagic(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Magic.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && Magic.SequenceEqual(head);
    }

    private void Locate(List<object?> keys, PickleReader pickles)
    {
        long position = Magic.Length + pickles.Position;
        foreach (var key in keys)
        {
            if (key is not string name || !pickles.Storages.TryGetValue(name, out var storage))
                throw Refused("its list of storages names one that no tensor has");
            if (
                position + sizeof(long) + storage.Bytes > _file.Length
                || BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan((int)position)) != storage.Count
            )
                throw Refused(
                    $"the storage {PickleException.Shown(name)} is cut off, or does not have the {storage.Count} announced numbers"
                );
            position += sizeof(long);
            _positions[name] = (int)position;
            position += storage.Bytes;
        }
    }

    private ModelException Refused(string reason) => new($"{_path} cannot be imported: {reason}.");
}
