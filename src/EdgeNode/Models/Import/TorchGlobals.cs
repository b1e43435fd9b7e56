using System.Collections.Frozen;

namespace FaceLandmark.Models.Import;

/// <summary>
/// Everything that a pickle may ask for by name, and what it gets: tensors, ordered dictionaries, and things that are only kept. Nothing is
/// looked up, loaded or run; a name that is not here ends the import.
/// </summary>
/// <param name="isScript">Whether the archive is TorchScript: then modules (__torch__...) are kept as dictionaries of their attributes.</param>
internal sealed class TorchGlobals(bool isScript)
{
    private static readonly FrozenDictionary<string, TorchType> s_storages = new Dictionary<string, TorchType>
    {
        ["torch.FloatStorage"] = TorchType.Float32,
        ["torch.HalfStorage"] = TorchType.Float16,
        ["torch.BFloat16Storage"] = TorchType.BFloat16,
        ["torch.DoubleStorage"] = TorchType.Float64,
        ["torch.LongStorage"] = TorchType.Int64,
        ["torch.IntStorage"] = TorchType.Int32,
        ["torch.ShortStorage"] = TorchType.Int16,
        ["torch.CharStorage"] = TorchType.Int8,
        ["torch.ByteStorage"] = TorchType.UInt8,
        ["torch.BoolStorage"] = TorchType.Bool,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Found in what training keeps beside the weights (meta data, optimiser, logs): kept and never looked at.</summary>
    private static readonly FrozenSet<string> s_inert = FrozenSet.Create(
        StringComparer.Ordinal,
        "torch.device",
        "torch.float32",
        "torch.float16",
        "torch.bfloat16",
        "torch.int64",
        "numpy.ndarray",
        "numpy.dtype",
        "numpy.core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
        "_codecs.encode",
        "builtins.set",
        "__builtin__.set",
        "mmengine.logging.history_buffer.HistoryBuffer");

    private static readonly FrozenSet<string> s_lists = FrozenSet.Create(
        StringComparer.Ordinal,
        "torch.Size",
        "torch.jit._pickle.build_intlist",
        "torch.jit._pickle.build_doublelist",
        "torch.jit._pickle.build_boollist",
        "torch.jit._pickle.build_tensorlist");

    /// <summary>Whether a name is known; asked where the name appears, before anything is made of it.</summary>
    /// <exception cref="PickleException">It is not.</exception>
    public PickleGlobal Check(PickleGlobal global)
    {
        var name = global.ToString();
        var isKnown = name is "collections.OrderedDict" or "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_tensor" or "torch._utils._rebuild_parameter"
            || s_storages.ContainsKey(name) || s_inert.Contains(name) || s_lists.Contains(name) || IsModule(global);
        return isKnown ? global : throw new PickleException(
            $"it asks for '{PickleException.Shown(name)}', which a checkpoint of weights does not need and which is never loaded; save the state_dict() alone");
    }

    /// <summary>What a call of a known name gives.</summary>
    /// <exception cref="PickleException">The arguments are not those of PyTorch.</exception>
    public static object? Call(PickleGlobal global, object?[] arguments) => global.ToString() switch
    {
        "collections.OrderedDict" => Dictionary(arguments),
        "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_tensor" => Tensor(arguments),
        "torch._utils._rebuild_parameter" => arguments is [TorchTensor tensor, ..] ? tensor : throw Malformed(global),
        var name when s_lists.Contains(name) => arguments is [object?[] or List<object?>, ..] ? arguments[0] : throw Malformed(global),
        var name when s_inert.Contains(name) => new PickleObject(global),
        _ => throw Malformed(global),
    };

    /// <summary>A new object of a known type, to be filled by BUILD.</summary>
    public PickleObject Create(PickleGlobal type) => IsModule(type) || s_inert.Contains(type.ToString()) ? new PickleObject(type) : throw Malformed(type);

    /// <summary>The storage that a persistent id stands for: ('storage', type, key, device, count ...).</summary>
    public static TorchStorage Storage(object? id)
    {
        if (id is not (object?[] or List<object?>) || id is not IReadOnlyList<object?> { Count: >= 5 } parts
            || parts[0] is not "storage" || parts[1] is not PickleGlobal type || parts[2] is not string key || parts[4] is not long count
            || !s_storages.TryGetValue(type.ToString(), out var numbers) || count is < 0 or > int.MaxValue)
            throw new PickleException("a persistent id is not one of PyTorch's storages");
        return new TorchStorage(key, numbers, count);
    }

    private bool IsModule(PickleGlobal global) => isScript && (global.Module == "__torch__" || global.Module.StartsWith("__torch__.", StringComparison.Ordinal));

    private static Dictionary<object, object?> Dictionary(object?[] arguments)
    {
        var dictionary = new Dictionary<object, object?>();
        if (arguments.Length == 0)
            return dictionary;
        if (arguments is not [List<object?> pairs])
            throw new PickleException("an OrderedDict is made from something else than pairs");
        foreach (var pair in pairs)
        {
            if (pair is not IReadOnlyList<object?> { Count: 2 } both)
                throw new PickleException("an OrderedDict is made from something else than pairs");
            dictionary[PickleReader.Key(both[0])] = both[1];
        }

        return dictionary;
    }

    private static TorchTensor Tensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..])
            throw new PickleException("a tensor is made from something else than storage, offset, shape and strides");
        return new TorchTensor(storage, offset, Numbers(shape), Numbers(strides));
    }

    private static long[] Numbers(object?[] values)
    {
        var numbers = new long[values.Length];
        for (var i = 0; i < values.Length; i++)
            numbers[i] = values[i] is long number ? number : throw new PickleException("a tensor's shape or strides are no whole numbers");
        return numbers;
    }

    private static PickleException Malformed(PickleGlobal global) => new($"'{PickleException.Shown(global.ToString())}' is used in a way PyTorch does not use it");
}
