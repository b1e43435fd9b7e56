using System.IO.Compression;
using FaceLandmark.Platform;

namespace FaceLandmark.Models.Evaluation;

/// <summary>Pictures by the names a list gives them: in folders, or in zip files named like the first folder of the name.</summary>
internal sealed class PictureStore : IDisposable
{
    private const long MostBytes = 64 << 20;
    private readonly List<string> _folders = [];
    private readonly Dictionary<string, ZipArchive> _archives = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _roots;

    /// <summary>A store over folders (with pictures or zip files in them) and zip files.</summary>
    /// <exception cref="ListException">A root is missing or no zip file.</exception>
    public PictureStore(IReadOnlyList<string> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        _roots = roots;
        foreach (var root in roots)
        {
            if (Directory.Exists(root))
                _folders.Add(root);
            else if (File.Exists(root))
                Open(root);
            else
                throw new ListException($"The pictures {root} are missing: give a folder or a zip file with --images.");
        }
    }

    /// <summary>The bytes of a picture.</summary>
    /// <exception cref="ListException">It is nowhere to be found, or larger than 64 MiB.</exception>
    public byte[] Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var folder in _folders)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            try
            {
                return RegularFile.ReadAll(path, MostBytes);
            }
            catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
            {
                throw new ListException($"The picture {path} cannot be read: {reason.Message}", reason);
            }
        }

        var cut = name.IndexOf('/', StringComparison.Ordinal);
        if (cut > 0 && Archive(name[..cut]) is { } archive && (archive.GetEntry(name[(cut + 1)..]) ?? archive.GetEntry(name)) is { } entry)
        {
            return Unpack(entry, name);
        }

        throw new ListException(
            $"The picture {name} is not in {string.Join(", ", _roots)}: give its folder or zip file with --images."
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var archive in _archives.Values)
            archive.Dispose();
    }

    private static byte[] Unpack(ZipArchiveEntry entry, string name)
    {
        if (entry.Length > MostBytes)
            throw new ListException($"The picture {name} has {entry.Length} bytes, more than {MostBytes}.");
        try
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception reason) when (reason is InvalidDataException or NotSupportedException or IOException)
        {
            throw new ListException(
                $"The picture {name} cannot be unpacked: {reason.Message} Pack its zip file again, without encryption and with the usual "
                    + "compression (deflate).",
                reason
            );
        }
    }

    private ZipArchive? Archive(string name)
    {
        if (_archives.TryGetValue(name, out var archive))
            return archive;
        var path = _folders.Select(folder => Path.Combine(folder, name + ".zip")).FirstOrDefault(File.Exists);
        return path is null ? null : Open(path);
    }

    private ZipArchive Open(string path)
    {
        try
        {
            if (RegularFile.Problem(path) is { } problem)
                throw new IOException($"it {problem}.");
            return _archives[Path.GetFileNameWithoutExtension(path)] = ZipFile.OpenRead(path);
        }
        catch (Exception reason) when (reason is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ListException($"{path} is not a readable zip file: {reason.Message}", reason);
        }
    }
}
