using System.Buffers.Binary;
using System.Text;

namespace FaceLandmark.Models.Import;

/// <summary>
/// A closed interpreter of pickles (protocols 2 to 5): a stack machine that can make numbers, texts, lists, dictionaries, tensors and
/// things that are only kept (<see cref="TorchGlobals"/>). It takes every opcode that Python writes in these protocols; the others are
/// refused by name. Memory and time are bounded by the number of opcodes and the bytes of the pickle. Opcodes: pickletools.py of Python.
/// </summary>
/// <param name="data">The pickle, or several one after the other.</param>
/// <param name="globals">What names stand for.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class PickleReader(ReadOnlyMemory<byte> data, TorchGlobals globals, CancellationToken cancellationToken)
{
    private const int MostOpcodes = 500_000;
    private const int MostMemo = 500_000;
    private const int MostText = 1 << 20;

    private static readonly object s_mark = new();

    private readonly List<object?> _stack = [];
    private readonly List<object?> _memo = [];
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);
    private int _opcodes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>The storages that were asked for, by their keys.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <summary>Reads one pickle, up to its STOP.</summary>
    /// <exception cref="PickleException">It holds what is not allowed, or is damaged.</exception>
    public object? Load()
    {
        _stack.Clear();
        _memo.Clear();
        while (true)
        {
            if ((++_opcodes & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (_opcodes > MostOpcodes)
                throw new PickleException($"it has more than {MostOpcodes} opcodes");
            var opcode = (char)Take(1)[0];
            if (opcode == '.')
                return Pop();
            Execute(opcode);
        }
    }

    private void Execute(char opcode)
    {
        switch (opcode)
        {
            case '\x80':
                Protocol(Take(1)[0]);
                break;
            case '\x95':
                Take(8);
                break; // FRAME: a hint for buffered readers
            case '(':
                _stack.Add(s_mark);
                break;
            case '0':
                Pop();
                break;
            case '1':
                PopToMark();
                break;
            case 'N':
                _stack.Add(null);
                break;
            case '\x88':
                _stack.Add(true);
                break;
            case '\x89':
                _stack.Add(false);
                break;
            case 'J':
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case 'K':
                _stack.Add((long)Take(1)[0]);
                break;
            case 'M':
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case '\x8a':
                _stack.Add(LongNumber(Take(1)[0]));
                break;
            case '\x8b':
                _stack.Add(LongNumber(Length32()));
                break;
            case 'G':
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case '\x8d':
                _stack.Add(Text(Length64()));
                break;
            case 'X':
                _stack.Add(Text(Length32()));
                break;
            case '\x8c':
                _stack.Add(Text(Take(1)[0]));
                break;
            case 'U':
                _stack.Add(Text(Take(1)[0]));
                break;
            case 'T':
                _stack.Add(Text(Length32()));
                break;
            case 'B':
                Bytes(Length32());
                break;
            case 'C':
                Bytes(Take(1)[0]);
                break;
            case '\x8e':
                Bytes(Length64());
                break;
            case '\x96':
                Bytes(Length64());
                break; // BYTEARRAY8
            case '}':
                _stack.Add(PickleKeys.NewDictionary());
                break;
            case ']':
                _stack.Add(new List<object?>());
                break;
            case ')':
                _stack.Add(Array.Empty<object?>());
                break;
            case '\x8f':
                _stack.Add(Kept("set"));
                break;
            case '\x90':
                PopToMark();
                RequireObject();
                break; // ADDITEMS: sets are not looked into
            case '\x91':
                PopToMark();
                _stack.Add(Kept("frozenset"));
                break;
            case 't':
                _stack.Add(PopToMark());
                break;
            case '\x85':
                _stack.Add(PopMany(1));
                break;
            case '\x86':
                _stack.Add(PopMany(2));
                break;
            case '\x87':
                _stack.Add(PopMany(3));
                break;
            case 'a':
                Append(PopMany(1));
                break;
            case 'e':
                Append(PopToMark());
                break;
            case 's':
                SetItems(PopMany(2));
                break;
            case 'u':
                SetItems(PopToMark());
                break;
            case 'h':
                _stack.Add(Recall(Take(1)[0]));
                break;
            case 'j':
                _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case 'q':
                Remember(Take(1)[0]);
                break;
            case 'r':
                Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case '\x94':
                Remember((uint)_memo.Count);
                break;
            case 'c':
                _stack.Add(TorchGlobals.Check(new PickleGlobal(Line(), Line())));
                break;
            case '\x93':
                StackGlobal();
                break;
            case 'R':
                Reduce();
                break;
            case '\x81':
                NewObject();
                break;
            case '\x92':
                Pop();
                NewObject();
                break; // its named arguments are not looked at
            case 'b':
                Build();
                break;
            case 'Q':
                _stack.Add(Persistent());
                break;
            default:
                throw new PickleException($"it uses the opcode {PickleOpcodes.Name(opcode)}, which a checkpoint of weights does not need");
        }
    }

    private static void Protocol(byte version)
    {
        if (version is < 2 or > 5)
            throw new PickleException($"it is written in protocol {version} of pickle, but 2 to 5 are read");
    }

    private void StackGlobal()
    {
        if (PopMany(2) is not [string module, string name])
            throw new PickleException("a global's name is not text");
        _stack.Add(TorchGlobals.Check(new PickleGlobal(module, name)));
    }

    private void Reduce()
    {
        if (PopMany(2) is not [PickleGlobal global, object?[] arguments])
            throw new PickleException("it calls something that is not a known name");
        _stack.Add(globals.Call(global, arguments));
    }

    private void NewObject()
    {
        if (PopMany(2) is not [PickleGlobal type, object?[]])
            throw new PickleException("it makes an object of something that is not a known name");
        _stack.Add(TorchGlobals.Create(type));
    }

    private object Persistent()
    {
        var id = TorchGlobals.Persistent(Pop());
        if (id is TorchStorage storage && !_storages.TryAdd(storage.Key, storage) && _storages[storage.Key] != storage)
            throw new PickleException($"the storage {PickleException.Shown(storage.Key)} has two types or sizes");
        return id;
    }

    // An OrderedDict gets its _metadata by BUILD, a tensor its attributes: neither is looked at.
    private void Build()
    {
        var state = Pop();
        if (Peek() is PickleObject target)
            target.State = state;
        else if (Peek() is not (Dictionary<object, object?> or TorchTensor or TorchStorage))
            throw new PickleException("it builds something that is neither an object nor a dictionary");
    }

    private void Append(object?[] values)
    {
        if (Peek() is List<object?> list)
            list.AddRange(values);
        else if (Peek() is not PickleObject) // of a class made from list; not looked into
            throw new PickleException("it appends to something that is not a list");
    }

    private void SetItems(object?[] values)
    {
        var dictionary = Peek() switch
        {
            Dictionary<object, object?> plain => plain,
            PickleObject made => made.Items ??= PickleKeys.NewDictionary(), // of a class made from dict
            _ => null,
        };
        if (dictionary is null || values.Length % 2 != 0)
            throw new PickleException("it sets items of something that is not a dictionary, or a key without a value");
        for (var i = 0; i < values.Length; i += 2)
            dictionary[PickleKeys.Of(values[i])] = values[i + 1];
    }

    private void RequireObject()
    {
        if (Peek() is not PickleObject)
            throw new PickleException("it adds to something that is not a set");
    }

    private object? Recall(uint index) =>
        index < _memo.Count ? _memo[(int)index] : throw new PickleException($"it recalls entry {index}, which it never kept");

    // Writers number their entries one after the other.
    private void Remember(uint index)
    {
        if (index > _memo.Count || index >= MostMemo)
            throw new PickleException($"it keeps entry {index} after {_memo.Count} others");
        if (index == _memo.Count)
            _memo.Add(Peek());
        else
            _memo[(int)index] = Peek();
    }

    private object? Peek() =>
        _stack.Count > 0 && _stack[^1] != s_mark ? _stack[^1] : throw new PickleException("it takes more from its stack than it put there");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(s_mark);
        if (mark < 0)
            throw new PickleException("it looks for a mark that it never set");
        var values = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    // Beyond 64 bits: the seed of a random generator, a UUID.
    private object LongNumber(long length)
    {
        var bytes = Take(length);
        if (length > sizeof(long))
            return Kept("int");
        long number = length > 0 ? (sbyte)bytes[^1] : 0;
        for (var i = (int)length - 2; i >= 0; i--)
            number = (number << 8) | bytes[i];
        return number;
    }

    // What is longer than any name is a log or a configuration; its place is kept, its letters are not.
    private string Text(long length)
    {
        var bytes = Take(length);
        return length <= MostText ? Encoding.UTF8.GetString(bytes) : "";
    }

    private void Bytes(long length)
    {
        Take(length);
        _stack.Add(Kept("bytes"));
    }

    private static PickleObject Kept(string builtin) => new(new PickleGlobal("builtins", builtin));

    private long Length64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    private long Length32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private string Line()
    {
        var rest = data.Span[Position..];
        var end = rest[..Math.Min(rest.Length, 1024)].IndexOf((byte)'\n');
        if (end < 0)
            throw new PickleException("it ends inside a name, or has a name of more than 1024 letters");
        Position += end + 1;
        return Encoding.UTF8.GetString(rest[..end]);
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > data.Length - Position)
            throw new PickleException("it ends too early: it was cut off");
        var bytes = data.Span.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }
}
