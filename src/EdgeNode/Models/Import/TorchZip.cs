using System.Text;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>
/// The zip format of PyTorch (since 1.6): <c>NAME/data.pkl</c>, the storages <c>NAME/data/KEY</c>, perhaps <c>NAME/byteorder</c>;
/// TorchScript has <c>NAME/constants.pkl</c> and <c>NAME/code/</c> too.
/// </summary>
internal sealed class TorchZip : ITorchArchive
{
    private const long MostPickleBytes = 32 << 20;

    private readonly string _path;
    private readonly StoredZip _zip;
    private readonly string _folder;
    private readonly TorchGlobals _globals;
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    public TorchZip(string path, CancellationToken cancellationToken)
    {
        _path = path;
        _zip = new StoredZip(path);
        try
        {
            _folder = FindFolder();
            if (
                _zip.SizeOf(_folder + "byteorder") is not null
                && Encoding.ASCII.GetString(_zip.Read(_folder + "byteorder", 16)) != "little"
            )
                throw Refused("its numbers are big-endian; save it on a little-endian machine");
            _globals = new TorchGlobals(isScript: _zip.SizeOf(_folder + "constants.pkl") is not null);
            Root = new PickleReader(_zip.Read(_folder + "data.pkl", MostPickleBytes), _globals, cancellationToken).Load();
        }
        catch (PickleException reason)
        {
            _zip.Dispose();
            throw Refused(reason.Message);
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    public object? Root { get; }

    public bool IsModule(PickleObject made) => _globals.IsModule(made.Type);

    public byte[] Read(TorchStorage storage, long first, long count)
    {
        var name = $"{_folder}data/{storage.Key}";
        var size = _zip.SizeOf(name);
        if (size != storage.Bytes)
            throw Refused(
                size is null
                    ? $"its entry {PickleException.Shown(name)} is missing"
                    : $"its entry {PickleException.Shown(name)} has {size} bytes, but {storage.Bytes} were announced"
            );
        var width = TorchStorage.SizeOf(storage.Type);
        // Its checksum needs the whole entry: once, however many tensors lie in it.
        return _checked.Add(name)
            ? _zip.Read(name, storage.Bytes).AsSpan((int)(first * width), (int)(count * width)).ToArray()
            : _zip.ReadPart(name, first * width, count * width);
    }

    public void Dispose() => _zip.Dispose();

    private string FindFolder()
    {
        var pickles = _zip
            .Names.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(letter => letter == '/') == 1)
            .ToList();
        return pickles.Count == 1
            ? pickles[0][..^"data.pkl".Length]
            : throw Refused($"a checkpoint has one entry NAME/data.pkl, this zip file has {pickles.Count}: it was not written by PyTorch");
    }

    private ModelException Refused(string reason) => new($"{_path} cannot be imported: {reason}.");
}
