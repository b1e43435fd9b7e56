using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text.Json;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>
/// The safetensors format: eight bytes with the length of a header, the header (a JSON object: name to type, shape and place), and the
/// numbers of all tensors without gaps. Nothing in it can run. Layout: the format's own README and its safety rules.
/// </summary>
internal sealed class SafetensorsFile : ITorchArchive
{
    private const int LengthBytes = sizeof(ulong);
    private const int MostHeaderBytes = 32 << 20;
    private const int MostTensors = 20_000;

    private static readonly FrozenDictionary<string, TorchType> s_types = new Dictionary<string, TorchType>
    {
        ["F64"] = TorchType.Float64,
        ["F32"] = TorchType.Float32,
        ["F16"] = TorchType.Float16,
        ["BF16"] = TorchType.BFloat16,
        ["F8_E4M3"] = TorchType.Float8,
        ["F8_E5M2"] = TorchType.Float8,
        ["F8_E8M0"] = TorchType.Float8,
        ["I64"] = TorchType.Int64,
        ["I32"] = TorchType.Int32,
        ["I16"] = TorchType.Int16,
        ["I8"] = TorchType.Int8,
        ["U64"] = TorchType.UInt64,
        ["U32"] = TorchType.UInt32,
        ["U16"] = TorchType.UInt16,
        ["U8"] = TorchType.UInt8,
        ["BOOL"] = TorchType.Bool,
        ["C64"] = TorchType.Complex64,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    /// <exception cref="ModelException">Its header is damaged, or does not fit the file.</exception>
    public SafetensorsFile(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(Take(LengthBytes));
            if (length > MostHeaderBytes || (long)length > _file.Length - LengthBytes)
                throw Refused("its header is longer than the file, or than any checkpoint needs");
            var header = Take((int)length);
            Root = Read(header, LengthBytes + header.Length);
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException or KeyNotFoundException or PickleException)
        {
            _file.Dispose();
            throw Refused($"its header is damaged ({reason.Message.TrimEnd('.')})");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public object? Root { get; }

    /// <summary>Whether a file begins like one.</summary>
    public static bool Is(ReadOnlySpan<byte> head) =>
        head.Length > LengthBytes
        && head[LengthBytes] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(head) is > 1 and <= MostHeaderBytes;

    public bool IsModule(PickleObject made) => false;

    public byte[] Read(TorchStorage storage, long first, long count)
    {
        var width = TorchStorage.SizeOf(storage.Type);
        _file.Position = _positions[storage.Key] + (first * width);
        return Take((int)(count * width));
    }

    public void Dispose() => _file.Dispose();

    private Dictionary<object, object?> Read(byte[] header, long data)
    {
        using var json = JsonDocument.Parse(header.AsMemory(), new JsonDocumentOptions { MaxDepth = 8 });
        var tensors = PickleKeys.NewDictionary();
        var places = new List<(long Begin, long End)>();
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
                continue;
            if (places.Count >= MostTensors)
                throw Refused($"it has more than {MostTensors} tensors");
            var shown = PickleException.Shown(entry.Name);
            var type = entry.Value.GetProperty("dtype").GetString() ?? "";
            var offsets = Numbers(entry.Value, "data_offsets");
            if (offsets is not [>= 0 and var begin, var end] || end < begin || end > _file.Length - data)
                throw Refused($"its tensor {shown} reaches beyond the end of the file: it was cut off, or is damaged");
            places.Add((begin, end));
            if (!s_types.TryGetValue(type, out var numbers))
                throw Refused($"its tensor {shown} has the type '{PickleException.Shown(type)}', which is not known");
            var shape = Numbers(entry.Value, "shape");
            var storage = new TorchStorage(entry.Name, numbers, (end - begin) / TorchStorage.SizeOf(numbers));
            var tensor = new TorchTensor(storage, 0, shape, Strides(shape));
            if ((long)tensor.Count * TorchStorage.SizeOf(numbers) != end - begin)
                throw Refused($"its tensor {shown} has {end - begin} bytes, but its shape {tensor} needs others");
            if (!_positions.TryAdd(entry.Name, data + begin))
                throw Refused($"it has two tensors {shown}");
            tensors[entry.Name] = tensor;
        }

        places.Sort();
        long covered = 0;
        foreach (var (begin, end) in places)
            covered = begin == covered ? end : throw Refused("its tensors overlap or leave gaps");
        return covered == _file.Length - data ? tensors : throw Refused("something follows its last tensor");
    }

    private static List<long> Numbers(JsonElement tensor, string property)
    {
        var numbers = new List<long>();
        foreach (var number in tensor.GetProperty(property).EnumerateArray())
        {
            if (numbers.Count >= TorchTensor.MostDimensions)
                throw new PickleException($"more than {TorchTensor.MostDimensions} dimensions");
            numbers.Add(
                number.TryGetInt64(out var whole) ? whole : throw new PickleException($"{property} of something other than whole numbers")
            );
        }

        return numbers;
    }

    private static long[] Strides(List<long> shape)
    {
        var strides = new long[shape.Count];
        Int128 stride = 1;
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = (long)Int128.Min(stride, long.MaxValue >> 1);
            stride = Int128.Min(stride * Math.Max(shape[i], 0), long.MaxValue);
        }

        return strides;
    }

    private byte[] Take(int count)
    {
        var bytes = new byte[count];
        _file.ReadExactly(bytes);
        return bytes;
    }

    private ModelException Refused(string reason) => new($"{_path} cannot be imported: {reason}.");
}
