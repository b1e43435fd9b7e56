using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;
using FaceLandmark.Platform;

namespace FaceLandmark.Models.Import;

/// <summary>
/// The named tensors of a file: a checkpoint of PyTorch (a dictionary, its weights at the top or under <c>state_dict</c>), a TorchScript
/// archive (the attributes of its modules; their code is not read), or safetensors.
/// </summary>
internal sealed class TorchCheckpoint : IDisposable
{
    private const long MostBytes = 1L << 30;
    private const int MostTensors = 20_000;
    private const int MostDepth = 64;
    private const int MostName = 1024;

    private readonly string _path;
    private readonly ITorchArchive _archive = null!;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<object> _visited = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationToken _cancellationToken;
    private readonly long _length;
    private long _read;

    /// <summary>Opens a file and finds its tensors; their numbers are read later.</summary>
    /// <exception cref="ModelException">It is no such file, or holds what a checkpoint must not hold.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public TorchCheckpoint(string path, CancellationToken cancellationToken = default)
    {
        (_path, _cancellationToken) = (path, cancellationToken);
        if (RegularFile.Problem(path) is { } problem)
            throw new ModelException($"The checkpoint {path} {problem}: give a .pth, .pt or .safetensors file, or its https address.");
        try
        {
            _length = new FileInfo(path).Length;
            if (_length > MostBytes)
                throw new ModelException($"{path} has {_length} bytes, more than the {MostBytes} a ResNet can need: it is not imported.");
            _archive = Open();
            Collect();
        }
        catch (Exception reason) when (reason is PickleException or IOException or UnauthorizedAccessException)
        {
            _archive?.Dispose();
            throw Refused(reason.Message.TrimEnd('.'));
        }
        catch
        {
            _archive?.Dispose();
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
        _cancellationToken.ThrowIfCancellationRequested();
        // Each number belongs to one tensor, so all of them are read once; tensors that lie over each other could be many times as large as
        // the file.
        var (first, count) = tensor.Extent;
        if ((_read += count * TorchStorage.SizeOf(tensor.Storage.Type)) > _length)
            throw Refused("its tensors overlap: together they are larger than the file");
        var bytes = _archive.Read(tensor.Storage, first, count);
        var all = tensor.Storage.Type switch
        {
            TorchType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            TorchType.Float16 => Widened(MemoryMarshal.Cast<byte, Half>(bytes)),
            TorchType.BFloat16 => Widened(MemoryMarshal.Cast<byte, ushort>(bytes)),
            TorchType.Float64 => Narrowed(MemoryMarshal.Cast<byte, double>(bytes)),
            _ => throw Refused(
                $"{PickleException.Shown(name)} holds numbers of the type {tensor.Storage.Type}, but weights are float32, float16, "
                    + "bfloat16 or float64"
            ),
        };
        var values = Gather(all, tensor);
        return !values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)
            ? values
            : throw Refused($"{PickleException.Shown(name)} holds NaN or infinity: the training went wrong or the file is damaged");
    }

    public void Dispose() => _archive.Dispose();

    private ITorchArchive Open()
    {
        Span<byte> head = stackalloc byte[9];
        using (var file = File.OpenRead(_path))
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == 0x04034b50)
            return new TorchZip(_path, _cancellationToken);
        return SafetensorsFile.Is(head) ? new SafetensorsFile(_path) : new TorchOldFile(_path, _cancellationToken);
    }

    private void Collect()
    {
        var root =
            Entries(_archive.Root) is { } entries && entries.TryGetValue("state_dict", out var state) && Entries(state) is not null
                ? state
                : _archive.Root;
        if (root is PickleObject script && _archive.IsModule(script))
            Collect(script, "", 0);
        else if (Entries(root) is { } attributes)
            CollectAll(attributes, "", 0);
        else if (root is PickleObject whole)
            throw new PickleException(
                $"it holds an object of the class '{PickleException.Shown(whole.Type.ToString())}', whose code is not in the file; save "
                    + "its state_dict() instead"
            );
        if (_tensors.Count == 0)
            throw new PickleException("it holds no named tensors, neither at its top nor under 'state_dict'");
    }

    // A dictionary, or an object of a class that is made from one.
    private static Dictionary<object, object?>? Entries(object? value) =>
        value as Dictionary<object, object?> ?? (value as PickleObject)?.Items;

    private void Collect(object value, string name, int depth)
    {
        if (depth > MostDepth || name.Length > MostName || _tensors.Count > MostTensors)
            throw new PickleException(
                $"its modules are nested deeper than {MostDepth}, have names of more than {MostName} letters, or are too many for a "
                    + "network"
            );
        if (value is TorchTensor tensor)
            _tensors[name] = tensor;
        else if (value is PickleObject { State: Dictionary<object, object?> attributes } module && _archive.IsModule(module))
            CollectAll(attributes, name, depth);
    }

    // Each once: modules that hold each other would have names without end.
    private void CollectAll(Dictionary<object, object?> attributes, string name, int depth)
    {
        if (!_visited.Add(attributes))
            return;
        _cancellationToken.ThrowIfCancellationRequested();
        foreach (var (key, value) in attributes)
        {
            if (key is string { Length: <= MostName } text && value is TorchTensor or PickleObject)
                Collect(value, name.Length == 0 ? text : $"{name}.{text}", depth + 1);
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
    /// <param name="all">The numbers from the view's first one on.</param>
    /// <param name="tensor">The view.</param>
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
            return all;
        var values = new float[tensor.Count];
        var index = new long[tensor.Shape.Count];
        for (var i = 0; i < values.Length; i++)
        {
            long position = 0;
            for (var d = 0; d < index.Length; d++)
                position += index[d] * tensor.Strides[d];
            values[i] = all[position];
            for (var d = index.Length - 1; d >= 0 && ++index[d] == tensor.Shape[d]; d--)
                index[d] = 0;
        }

        return values;
    }

    private ModelException Refused(string reason) => new($"{_path} cannot be imported: {reason}.");
}
