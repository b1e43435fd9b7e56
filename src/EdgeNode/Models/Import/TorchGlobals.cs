using System.Collections.Frozen;

namespace FaceLandmark.Models.Import;

/// <summary>
/// What a pickle gets for the names it asks for: tensors, ordered dictionaries, and for every other name a thing that is only kept. Nothing
/// is looked up, loaded or run. A name that serves to run code in Python (<see cref="PickleDangers"/>) ends the import all the same: the
/// file is an attack.
/// </summary>
/// <param name="isScript">Whether the archive is TorchScript: then modules (__torch__...) are kept as dictionaries of their
/// attributes.</param>
internal sealed class TorchGlobals(bool isScript)
{
    // A dictionary is made of pairs that the pickle has written one by one; made again and again of the same ones it would cost their
    // square.
    private const int MostPairs = 500_000;
    private const string OrderedDict = "collections.OrderedDict";

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
        ["torch.ComplexFloatStorage"] = TorchType.Complex64,
        ["torch.ComplexDoubleStorage"] = TorchType.Complex128,
        ["torch.QInt8Storage"] = TorchType.Int8,
        ["torch.QUInt8Storage"] = TorchType.UInt8,
        ["torch.QInt32Storage"] = TorchType.Int32,
        ["torch.QUInt4x2Storage"] = TorchType.UInt8,
        ["torch.QUInt2x4Storage"] = TorchType.UInt8,
        ["torch.UntypedStorage"] = TorchType.UInt8,
        ["torch.storage.UntypedStorage"] = TorchType.UInt8,
        ["torch.storage._UntypedStorage"] = TorchType.UInt8,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_lists = FrozenSet.Create(
        StringComparer.Ordinal,
        "torch.Size",
        "torch.jit._pickle.build_intlist",
        "torch.jit._pickle.build_doublelist",
        "torch.jit._pickle.build_boollist",
        "torch.jit._pickle.build_tensorlist"
    );

    private int _pairs;

    /// <summary>Whether a name may stand in a checkpoint; asked where the name appears, before anything is made of it.</summary>
    /// <exception cref="PickleException">It serves to run code.</exception>
    public static PickleGlobal Check(PickleGlobal global) =>
        PickleDangers.RunsCode(global)
            ? throw new PickleException(
                $"it asks for '{PickleException.Shown(global.ToString())}', which can run code when PyTorch loads the file; "
                    + "nothing was run here, and no checkpoint of weights needs it"
            )
            : global;

    /// <summary>What a call of a name gives.</summary>
    /// <exception cref="PickleException">The arguments are not those of PyTorch.</exception>
    public object? Call(PickleGlobal global, object?[] arguments) =>
        global.ToString() switch
        {
            OrderedDict => Dictionary(arguments),
            "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_tensor" => Tensor(arguments),
            "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => arguments is [TorchTensor tensor, ..]
                ? tensor
                : new PickleObject(global),
            "torch._tensor._rebuild_from_type_v2" => arguments is [PickleGlobal how, _, object?[] of, ..] && how != global
                ? Call(how, of)
                : throw Malformed(global),
            "builtins.getattr" or "__builtin__.getattr" => Member(global, arguments),
            var name when s_lists.Contains(name) => arguments is [object?[] or List<object?>, ..] ? arguments[0] : throw Malformed(global),
            var name when s_storages.ContainsKey(name) => throw Malformed(global),
            _ => new PickleObject(global),
        };

    /// <summary>A new object of a type, to be filled by BUILD.</summary>
    public static object Create(PickleGlobal type) => type.ToString() == OrderedDict ? PickleKeys.NewDictionary() : new PickleObject(type);

    /// <summary>Whether an object is a module of TorchScript, whose attributes are a part of the network.</summary>
    public bool IsModule(PickleGlobal global) =>
        isScript && (global.Module == "__torch__" || global.Module.StartsWith("__torch__.", StringComparison.Ordinal));

    /// <summary>
    /// What a persistent id stands for: a storage, ('storage', type, key, device, count ...), or the class that the old format keeps with
    /// its source code, ('module', class, file, source).
    /// </summary>
    public static object Persistent(object? id)
    {
        if (id is not (object?[] or List<object?>) || id is not IReadOnlyList<object?> { Count: >= 2 } parts)
            throw new PickleException("a persistent id is not one of PyTorch's");
        if (parts[0] is "module" && parts[1] is PickleGlobal module)
            return module;
        if (
            parts is not ["storage", PickleGlobal type, string key, _, long count, ..]
            || !s_storages.TryGetValue(type.ToString(), out var numbers)
            || count is < 0 or > int.MaxValue
        )
            throw new PickleException("a persistent id is not one of PyTorch's storages");
        return new TorchStorage(key, numbers, count);
    }

    // Before protocol 4 a function inside a class can be named in no other way.
    private static PickleGlobal Member(PickleGlobal getattr, object?[] arguments) =>
        arguments is [PickleGlobal owner, string name]
            ? Check(new PickleGlobal(owner.Module, $"{owner.Name}.{name}"))
            : throw new PickleException(
                $"it calls '{getattr}' on something that is not a class, which can run code; nothing was run here, and no checkpoint of "
                    + "weights needs it"
            );

    private Dictionary<object, object?> Dictionary(object?[] arguments)
    {
        var dictionary = PickleKeys.NewDictionary();
        if (arguments.Length == 0)
            return dictionary;
        if (arguments is not [List<object?> pairs])
            throw new PickleException("an OrderedDict is made from something other than pairs");
        if ((_pairs += pairs.Count) > MostPairs)
            throw new PickleException($"its dictionaries are made from more than {MostPairs} pairs");
        foreach (var pair in pairs)
        {
            if (pair is not IReadOnlyList<object?> { Count: 2 } both)
                throw new PickleException("an OrderedDict is made from something other than pairs");
            dictionary[PickleKeys.Of(both[0])] = both[1];
        }

        return dictionary;
    }

    private static TorchTensor Tensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..])
            throw new PickleException("a tensor is made from something other than storage, offset, shape and strides");
        return new TorchTensor(storage, offset, Numbers(shape), Numbers(strides));
    }

    private static long[] Numbers(object?[] values)
    {
        if (values.Length > TorchTensor.MostDimensions)
            throw new PickleException($"a tensor has {values.Length} dimensions; up to {TorchTensor.MostDimensions} are allowed");
        var numbers = new long[values.Length];
        for (var i = 0; i < values.Length; i++)
            numbers[i] = values[i] is long number ? number : throw new PickleException("a tensor's shape or strides are not whole numbers");
        return numbers;
    }

    private static PickleException Malformed(PickleGlobal global) =>
        new($"'{PickleException.Shown(global.ToString())}' is used in a way PyTorch does not use it");
}
