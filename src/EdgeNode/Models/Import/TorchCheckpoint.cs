using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FaceLandmark.Models.Import;

/// <summary>
/// The named tensors of a PyTorch file: a checkpoint (a dictionary, its weights at the top or under <c>state_dict</c>) or a TorchScript
/// archive (the attributes of its modules; their code is not read).
/// </summary>
internal sealed class TorchCheckpoint : IDisposable
{
    private const long MostBytes = 1L << 30;
    private const int MostTensors = 20_000;
    private const int MostDepth = 64;

    private readonly string _path;
    private readonly ITorchArchive _archive;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);
    private int _visited;

    /// <summary>Opens a file and finds its tensors; their numbers are read later.</summary>
    /// <exception cref="ModelException">It is no such file, or holds what a checkpoint must not hold.</exception>
    public TorchCheckpoint(string path)
    {
        _path = path;
        if (!File.Exists(path))
            throw new ModelException($"The checkpoint {path} is missing: give a .pth or .pt file, or its https address.");
        var length = new FileInfo(path).Length;
        if (length > MostBytes)
            throw new ModelException($"{path} has {length} bytes, more than the {MostBytes} a ResNet can need: it is not imported.");
        _archive = IsZip(path) ? new TorchZip(path) : new TorchOldFile(path);
        try
        {
            Collect(_archive.Root);
        }
        catch (PickleException reason)
        {
            _archive.Dispose();
            throw Refused(reason.Message);
        }
        catch
        {
            _archive.Dispose();
            throw;
        }
    }

    /// <summary>All tensors by their names, such as <c>backbone.conv1.weight</c>.</summary>
    public IReadOnlyDictionary<string, TorchTensor> Tensors => _tensors;

    /// <summary>A tensor's numbers in the order of its shape, widened to float32.</summary>
    /// <exception cref="ModelException">They are no floating-point numbers, some are not finite, or the archive is damaged.</exception>
    public float[] Read(string name)
    {
        var tensor = _tensors[name];
        var bytes = _archive.Read(tensor.Storage);
        var all = tensor.Storage.Type switch
        {
            TorchType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            TorchType.Float16 => Widened(MemoryMarshal.Cast<byte, Half>(bytes)),
            TorchType.BFloat16 => Widened(MemoryMarshal.Cast<byte, ushort>(bytes)),
            TorchType.Float64 => Narrowed(MemoryMarshal.Cast<byte, double>(bytes)),
            _ => throw Refused($"{name} holds numbers of the type {tensor.Storage.Type}, but weights are float32, float16, bfloat16 or float64"),
        };
        var values = Gather(all, tensor);
        return !values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue) ? values : throw Refused($"{name} holds NaN or infinity: the training went wrong or the file is damaged");
    }

    public void Dispose() => _archive.Dispose();

    private static bool IsZip(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[4];
        return file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == 0x04034b50;
    }

    private void Collect(object? root)
    {
        if (root is Dictionary<object, object?> dictionary)
            root = dictionary.GetValueOrDefault("state_dict") as Dictionary<object, object?> ?? dictionary;
        Collect(root, "", 0);
        if (_tensors.Count == 0)
            throw new PickleException("it holds no named tensors, neither at its top nor under 'state_dict'");
    }

    private void Collect(object? value, string name, int depth)
    {
        if (depth > MostDepth || ++_visited > 10 * MostTensors || _tensors.Count > MostTensors)
            throw new PickleException($"its modules are nested deeper than {MostDepth}, or are too many for a network");
        switch (value)
        {
            case TorchTensor tensor:
                _tensors[name] = tensor;
                break;
            case Dictionary<object, object?> attributes when depth == 0:
                CollectAll(attributes, name, depth);
                break;
            case PickleObject { State: Dictionary<object, object?> attributes }:
                CollectAll(attributes, name, depth);
                break;
        }
    }

    private void CollectAll(Dictionary<object, object?> attributes, string name, int depth)
    {
        foreach (var (key, value) in attributes)
        {
            if (key is string text && value is TorchTensor or PickleObject)
                Collect(value, name.Length == 0 ? (string)key : $"{name}.{text}", depth + 1);
        }
    }

    private static float[] Widened(ReadOnlySpan<Half> halves)
    {
        var floats = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, floats);
        return floats;
    }

    // A bfloat16 is the upper half of a float32.
    private static float[] Widened(ReadOnlySpan<ushort> halves)
    {
        var floats = new float[halves.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
        return floats;
    }

    private static float[] Narrowed(ReadOnlySpan<double> doubles)
    {
        var floats = new float[doubles.Length];
        TensorPrimitives.ConvertTruncating(doubles, floats);
        return floats;
    }

    /// <summary>The elements of a view, whatever their strides (channels-last checkpoints have others).</summary>
    private static float[] Gather(float[] all, TorchTensor tensor)
    {
        long expected = 1;
        var isPlain = true;
        for (var i = tensor.Shape.Count - 1; i >= 0; i--)
        {
            isPlain &= tensor.Shape[i] == 1 || tensor.Strides[i] == expected;
            expected *= tensor.Shape[i];
        }

        if (isPlain)
            return tensor.Count == all.Length ? all : all.AsSpan((int)tensor.Offset, tensor.Count).ToArray();
        var values = new float[tensor.Count];
        var index = new long[tensor.Shape.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var position = tensor.Offset;
            for (var d = 0; d < index.Length; d++)
                position += index[d] * tensor.Strides[d];
            values[i] = all[position];
            for (var d = index.Length - 1; d >= 0 && ++index[d] == tensor.Shape[d]; d--)
                index[d] = 0;
        }

        return values;
    }

    private ModelException Refused(string reason) => new($"{_path} can't be imported: {reason}.");
}
