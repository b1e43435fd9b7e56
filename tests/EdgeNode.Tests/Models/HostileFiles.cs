using System.Text;

namespace FaceLandmark.Tests.Models;

/// <summary>The corpus: a good checkpoint with one thing wrong, in several hundred ways. Name and bytes of each file.</summary>
internal static class HostileFiles
{
    private const string Weight = "backbone.conv1.weight";

    public static IEnumerable<(string Name, byte[] Bytes)> All() =>
        [
            .. Truncated(),
            .. Opcodes(),
            .. Globals(),
            .. Pickles(),
            .. HostileBombs.All(),
            .. Tensors(),
            .. Types(),
            .. Zips(),
            .. Names(),
            .. OldFormat(),
        ];

    private static IEnumerable<(string, byte[])> Truncated()
    {
        var whole = new CheckpointWriter().ToArray();
        for (var i = 0; i < 60; i++)
            yield return ($"cut after {i} sixtieths", whole[..(int)((long)whole.Length * i / 60)]);
        yield return ("cut by one byte", whole[..^1]);
        yield return ("text", Encoding.UTF8.GetBytes("<html>404 Not Found</html>"));
        yield return ("zeros", new byte[4096]);
    }

    private static IEnumerable<(string, byte[])> Opcodes()
    {
        const string known = "(01NJKMGXUTBC}])teasuhjqrcRbQ.";
        byte[] high =
        [
            0x80,
            0x81,
            0x85,
            0x86,
            0x87,
            0x88,
            0x89,
            0x8a,
            0x8b,
            0x8c,
            0x8d,
            0x8e,
            0x8f,
            0x90,
            0x91,
            0x92,
            0x93,
            0x94,
            0x95,
            0x96,
        ];
        for (var opcode = 0; opcode < 256; opcode++)
        {
            if (!known.Contains((char)opcode) && !high.Contains((byte)opcode))
                yield return ($"opcode {opcode:x2}", InPlaceOfWeight(pickle => pickle.Op('N').Op('N').Op('(').Raw((byte)opcode)));
        }
    }

    private static IEnumerable<(string, byte[])> Globals()
    {
        string[] names =
        [
            "os.system",
            "posix.system",
            "nt.system",
            "subprocess.Popen",
            "subprocess.check_output",
            "builtins.eval",
            "builtins.exec",
            "builtins.getattr",
            "builtins.open",
            "builtins.__import__",
            "__builtin__.eval",
            "__builtin__.apply",
            "builtins.map",
            "builtins.type",
            "importlib.import_module",
            "runpy.run_path",
            "pty.spawn",
            "shutil.rmtree",
            "socket.socket",
            "webbrowser.open",
            "pickle.loads",
            "marshal.loads",
            "types.FunctionType",
            "functools.partial",
            "operator.attrgetter",
            "torch.load",
            "torch.hub.load",
            "torch.serialization.load",
            "torch._utils._import_dotted_name",
            "torch.jit._pickle.restore_type_tag",
            "torch.nn.Module",
            "torch.storage._load_from_bytes",
            "torch.FloatTensor",
            "numpy.load",
            "numpy.core.multiarray.fromfile",
            "mmcv.Config",
            "collections.OrderedDict.__class__",
            "collections.defaultdict",
            "__torch__.Net",
        ];
        foreach (var name in names)
        {
            var cut = name.LastIndexOf('.');
            var (module, member) = (name[..cut], name[(cut + 1)..]);
            yield return ($"GLOBAL {name}", InPlaceOfWeight(pickle => pickle.Global(module, member).Op('(').Text("id").Op('t').Op('R')));
            yield return (
                $"STACK_GLOBAL {name}",
                InPlaceOfWeight(pickle => pickle.Text(module).Text(member).Raw(0x93).Op('(').Text("id").Op('t').Op('R'))
            );
        }
    }

    private static IEnumerable<(string, byte[])> Pickles()
    {
        // Opcodes that take from an empty stack, or call and build what cannot be.
        foreach (var opcode in "01teasuRbQq\x81\x85\x86\x87\x93\x94")
            yield return ($"empty stack {(int)opcode:x2}", Pickled(new PickleWriter().Op(opcode).ToArray()));
        foreach (
            var (name, write) in new (string, Action<PickleWriter>)[]
            {
                ("call of a text", pickle => pickle.Text("os.system").Op(')').Op('R')),
                ("call without a tuple", pickle => pickle.Global("collections", "OrderedDict").Text("x").Op('R')),
                ("call of a storage type", pickle => pickle.Global("torch", "FloatStorage").Op(')').Op('R')),
                ("object of a function", pickle => pickle.Global("torch._utils", "_rebuild_tensor_v2").Op(')').Raw(0x81)),
                ("state of a list", pickle => pickle.Op(']').Op('}').Op('b')),
                ("key that is a list", pickle => pickle.Op('}').Op(']').Op('N').Op('s')),
                ("key without value", pickle => pickle.Op('}').Op('(').Text("a").Op('u')),
                ("append to a dictionary", pickle => pickle.Op('}').Op('N').Op('a')),
                ("unknown memo", pickle => pickle.Op('h').Raw(200)),
                ("far memo", pickle => pickle.Op('N').Op('r').Raw(0xff, 0xff, 0xff, 0x7f)),
                ("long text", pickle => pickle.Op('X').Raw(0xff, 0xff, 0xff, 0xff)),
                ("long bytes", pickle => pickle.Op('B').Raw(0xff, 0xff, 0xff, 0x7f)),
                ("long number", pickle => pickle.Raw(0x8a, 255).Raw(new byte[255])),
                ("name without end", pickle => pickle.Op('c').Raw([.. Enumerable.Repeat((byte)'a', 5000)])),
                ("persistent id of texts", pickle => pickle.Op('(').Text("module").Text("a").Text("b").Text("c").Text("d").Op('t').Op('Q')),
                ("persistent id of no tuple", pickle => pickle.Text("storage").Op('Q')),
                ("protocol 0", pickle => pickle.Raw(0x80, 0)),
                ("protocol 6", pickle => pickle.Raw(0x80, 6)),
                ("a million lists", pickle => pickle.Raw([.. Enumerable.Repeat((byte)']', 1_000_000)])),
                ("a million dictionaries", pickle => pickle.Raw([.. Enumerable.Repeat((byte)'}', 1_000_000)])),
                ("a million marks", pickle => pickle.Raw([.. Enumerable.Repeat((byte)'(', 1_000_000)])),
                ("a million nested tuples", pickle => pickle.Op(')').Raw([.. Enumerable.Repeat((byte)0x85, 1_000_000)])),
            }
        )
            yield return (name, InPlaceOfWeight(write));
        yield return ("no pickle", Pickled([]));
        yield return ("no STOP", Pickled(new CheckpointWriter().Pickle()[..^1]));
        yield return ("a number", Pickled(new PickleWriter().Number(7).ToArray()));
        yield return ("an empty dictionary", Pickled(new PickleWriter().Op('}').ToArray()));
        yield return (
            "a dictionary in itself",
            Pickled(new PickleWriter().Op('}').Op('q').Raw(0).Text("state_dict").Op('h').Raw(0).Op('s').ToArray())
        );
        yield return ("laughs", Pickled(Laughs()));
        yield return (
            "a module in itself",
            new ZipWriter()
                .Add(
                    "net/data.pkl",
                    new PickleWriter()
                        .Global("__torch__", "Net")
                        .Op(')')
                        .Raw(0x81)
                        .Op('q')
                        .Raw(0)
                        .Op('}')
                        .Text("x")
                        .Op('h')
                        .Raw(0)
                        .Op('s')
                        .Op('b')
                        .ToArray()
                )
                .Add("net/constants.pkl", [0x80, 2, (byte)')', (byte)'.'])
                .ToArray()
        );
        yield return (
            "modules that share each other",
            new ZipWriter().Add("net/data.pkl", Shared()).Add("net/constants.pkl", [0x80, 2, (byte)')', (byte)'.']).ToArray()
        );
    }

    private static IEnumerable<(string, byte[])> Tensors()
    {
        var count = CheckpointWriter.Count([2, 3, 7, 7]);
        (string, long, long, long[], long[]?)[] views =
        [
            ("huge side", count, 0, [1L << 40], null),
            ("overflowing product", count, 0, [1L << 32, 1L << 32, 1L << 32], [0, 0, 0]),
            ("overflowing stride", count, 0, [2, 2], [long.MaxValue, long.MaxValue]),
            ("greatest side without stride", count, 0, [long.MaxValue], [0]),
            ("more than the storage by stride 0", count, 0, [1000, 1000], [0, 0]),
            ("negative side", count, 0, [-1, 3, 7, 7], null),
            ("negative stride", count, 0, [2, 3, 7, 7], [-147, 49, 7, 1]),
            ("negative offset", count, -1, [2, 3, 7, 7], null),
            ("offset behind the end", count, 1, [2, 3, 7, 7], null),
            ("greatest offset", count, long.MaxValue, [2, 3, 7, 7], null),
            ("offset of a number behind the end", count, count, [], null),
            ("nine dimensions", count, 0, [1, 1, 1, 1, 1, 1, 1, 1, 1], null),
            ("strides missing", count, 0, [2, 3, 7, 7], [1]),
            ("empty", count, 0, [0, 3, 7, 7], null),
            ("one channel", count, 0, [2, 1, 7, 7], null),
            ("a vector", count, 0, [count], null),
            ("a number", count, 0, [], null),
            ("storage larger than its entry", count * 1000, 0, [2, 3, 7, 7], null),
            ("storage smaller than its entry", count + 1, 0, [2, 3, 7, 7], null),
            ("storage of all memory", long.MaxValue, 0, [2, 3, 7, 7], null),
            ("negative storage", -5, 0, [2, 3, 7, 7], null),
        ];
        foreach (var (name, storage, offset, shape, strides) in views)
            yield return (
                $"tensor: {name}",
                InPlaceOfWeight(pickle => pickle.Tensor("0", "FloatStorage", storage, offset, shape, strides))
            );
        yield return ("tensor: missing storage", InPlaceOfWeight(pickle => pickle.Tensor("999", "FloatStorage", count, 0, [2, 3, 7, 7])));
        yield return (
            "tensor: storage outside",
            InPlaceOfWeight(pickle => pickle.Tensor("../../../../etc/passwd", "FloatStorage", count, 0, [2, 3, 7, 7]))
        );
        yield return ("tensor: same storage twice", InPlaceOfWeight(pickle => pickle.Tensor("1", "HalfStorage", 4, 0, [4])));
        foreach (
            var missing in new CheckpointWriter().Shapes.Keys.Where(key =>
                key.Contains("layer1", StringComparison.Ordinal) || key.StartsWith("keypoint_head", StringComparison.Ordinal)
            )
        )
        {
            var checkpoint = new CheckpointWriter();
            checkpoint.Shapes.Remove(missing);
            yield return ($"without {missing}", checkpoint.ToArray());
        }

        foreach (
            var (more, shape) in new (string, long[])[]
            {
                ("backbone.layer1.0.se.weight", [2]),
                ("keypoint_head.final_layer.weight", [2, 2, 1, 1]),
                ("keypoint_head.loss.flow.weight", [1]),
                ("other.fc.weight", [4, 2]),
            }
        )
        {
            var checkpoint = new CheckpointWriter { Shapes = { [more] = shape } };
            yield return ($"also {more}", checkpoint.ToArray());
        }

        var odd = new CheckpointWriter { Shapes = { ["keypoint_head.fc.weight"] = [7, 2] } };
        yield return ("odd head", odd.ToArray());
    }

    private static IEnumerable<(string, byte[])> Types()
    {
        foreach (var type in new[] { "LongStorage", "IntStorage", "ShortStorage", "CharStorage", "ByteStorage", "BoolStorage" })
        {
            foreach (var tensor in new[] { Weight, "keypoint_head.fc.bias" })
                yield return ($"{tensor} of {type}", new CheckpointWriter { Types = { [tensor] = type } }.ToArray());
        }

        foreach (var type in new[] { "QInt8Storage", "ComplexFloatStorage", "UntypedStorage", "Tensor" })
            yield return ($"unknown {type}", new CheckpointWriter { Types = { [Weight] = type } }.ToArray());
        foreach (var (name, value) in new[] { ("NaN", float.NaN), ("infinity", float.PositiveInfinity) })
        {
            var checkpoint = new CheckpointWriter();
            var zip = new ZipWriter().Add("net/data.pkl", checkpoint.Pickle());
            var key = 0;
            foreach (var shape in checkpoint.Shapes.Values)
                zip.Add(
                    $"net/data/{key++}",
                    [.. Enumerable.Repeat(BitConverter.GetBytes(value), (int)CheckpointWriter.Count(shape)).SelectMany(bytes => bytes)]
                );
            yield return (name, zip.ToArray());
        }
    }

    private static IEnumerable<(string, byte[])> Zips()
    {
        var checkpoint = new CheckpointWriter();
        var pickle = checkpoint.Pickle();
        ZipWriter Good() => checkpoint.Zip(pickle);
        yield return (
            "bomb in the pickle",
            new ZipWriter().Add("net/data.pkl", new byte[10], method: 8, size: uint.MaxValue - 1).ToArray()
        );
        yield return ("bomb beside", Good().Add("net/data/900", new byte[10], method: 8, size: 1 << 30).ToArray());
        yield return ("size beyond the file", Good().Add("net/data/900", new byte[10], size: 1 << 30, stored: 1 << 30).ToArray());
        yield return ("sizes that differ", Good().Add("net/data/900", new byte[10], size: 11).ToArray());
        yield return ("offset beyond the file", Good().Add("net/data/900", new byte[10], offset: 0x7fffffff).ToArray());
        yield return ("zip64 without its field", Good().Add("net/data/900", new byte[10], offset: uint.MaxValue).ToArray());
        yield return ("encrypted", Good().Add("net/data/900", new byte[10], flags: 1).ToArray());
        yield return ("damaged pickle", new ZipWriter().Add("net/data.pkl", pickle, crc: 1).ToArray());
        yield return ("two of a name", Good().Add("net/data/0", new byte[10]).ToArray());
        yield return ("two pickles", Good().Add("other/data.pkl", pickle).ToArray());
        yield return ("no pickle at all", new ZipWriter().Add("net/data/0", new byte[10]).ToArray());
        yield return ("pickle too deep", new ZipWriter().Add("a/b/data.pkl", pickle).ToArray());
        yield return ("big-endian", Good().Add("net/byteorder", "big"u8.ToArray()).ToArray());
        yield return ("more entries than there are", Good().ToArray(count: 60_000));
        yield return ("zip64 end that is missing", Good().ToArray(count: ushort.MaxValue));
        yield return ("directory of all memory", Good().ToArray(size: uint.MaxValue - 1));
        yield return ("directory behind the end", Good().ToArray(offset: uint.MaxValue - 1));
        yield return ("directory in the middle", Good().ToArray(offset: 10));
        yield return ("empty zip", new ZipWriter().ToArray());
        var overlap = Good();
        for (var i = 0; i < 3000; i++)
            overlap.Add($"net/data/over{i}", [], size: 20_000, stored: 20_000, offset: 0);
        yield return ("overlapping entries", overlap.ToArray());
        yield return ("no entry where it should be", new ZipWriter().Add("net/data.pkl", pickle, offset: 3).ToArray());
    }

    private static IEnumerable<(string, byte[])> Names()
    {
        string[] names =
        [
            "../evil",
            "net/../../evil",
            "/etc/cron.d/evil",
            "net/./x",
            "C:\\evil",
            "C:/evil",
            "net\\..\\evil",
            "net/a\nb",
            "net/a\0b",
            "",
            "..",
        ];
        foreach (var name in names)
            yield return (
                $"name {name.Replace('\0', '0').Replace('\n', 'n')}",
                new CheckpointWriter().Zip(new CheckpointWriter().Pickle()).Add(name, [1, 2, 3]).ToArray()
            );
    }

    private static IEnumerable<(string, byte[])> OldFormat()
    {
        byte[] magic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
        var version = new PickleWriter().Number(1001).ToArray();
        var machine = new PickleWriter().Op('}').ToArray();
        byte[] Big() => new PickleWriter().Op('}').Text("little_endian").Raw(0x89).Op('s').ToArray();
        var root = new PickleWriter().Op('}').Text("a").Tensor("0", "FloatStorage", 2, 0, [2]).Op('s').ToArray();
        var keys = new PickleWriter().Op(']').Text("0").Op('a').ToArray();
        yield return ("old: magic only", magic);
        yield return ("old: other version", [.. magic, .. new PickleWriter().Number(1002).ToArray(), .. machine]);
        yield return ("old: big-endian", [.. magic, .. version, .. Big(), .. root, .. keys]);
        yield return ("old: code", [.. magic, .. version, .. machine, .. new PickleWriter().Global("os", "system").ToArray(), .. keys]);
        yield return ("old: no keys", [.. magic, .. version, .. machine, .. root, .. machine]);
        yield return (
            "old: unknown key",
            [.. magic, .. version, .. machine, .. root, .. new PickleWriter().Op(']').Text("1").Op('a').ToArray()]
        );
        yield return ("old: cut storage", [.. magic, .. version, .. machine, .. root, .. keys, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
        yield return (
            "old: other count",
            [.. magic, .. version, .. machine, .. root, .. keys, 9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
        );
        yield return (
            "old: no network",
            [.. magic, .. version, .. machine, .. root, .. keys, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
        );
    }

    private static byte[] InPlaceOfWeight(Action<PickleWriter> instead) => Pickled(new CheckpointWriter().Pickle(Weight, instead));

    private static byte[] Pickled(byte[] pickle) => new CheckpointWriter().Zip(pickle).ToArray();

    // Each list holds the one before it ten times: few bytes, but 10^30 elements for who walks them.
    private static byte[] Laughs()
    {
        var pickle = new PickleWriter().Op(']').Op('q').Raw(0);
        for (byte level = 1; level <= 30; level++)
        {
            pickle.Op(']').Op('(');
            for (var i = 0; i < 10; i++)
                pickle.Op('h').Raw((byte)(level - 1));
            pickle.Op('e').Op('q').Raw(level);
        }

        return pickle.ToArray();
    }

    private static byte[] Shared()
    {
        var pickle = new PickleWriter().Global("__torch__", "Leaf").Op(')').Raw(0x81).Op('q').Raw(0);
        for (byte level = 1; level <= 60; level++)
        {
            pickle.Global("__torch__", "Net").Op(')').Raw(0x81).Op('}').Op('(');
            for (var i = 0; i < 4; i++)
                pickle.Text($"m{i}").Op('h').Raw((byte)(level - 1));
            pickle.Op('u').Op('b').Op('q').Raw(level);
        }

        return pickle.ToArray();
    }
}
