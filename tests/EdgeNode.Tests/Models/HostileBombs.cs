namespace FaceLandmark.Tests.Models;

/// <summary>
/// Small checkpoints made to cost much: what a reader does for each byte of theirs must not grow with the file. Name and bytes of each.
/// </summary>
internal static class HostileBombs
{
    private const int Many = 160_000;

    public static IEnumerable<(string Name, byte[] Bytes)> All() =>
        [
            (
                "a module in itself under a long name",
                Script(pickle => Module(pickle, "Net", 0, inner => inner.Text(new string('x', 1 << 20)).Op('h').Raw(0)))
            ),
            ("long names before many tensors", Script(LongNames)),
            ("modules that share one large dictionary", Script(SharedDictionary)),
            ("whole numbers of one hash", Pickled(Keys((pickle, i) => pickle.Number(((i + 1L) << 32) | (i + 1L))))),
            ("negative numbers of one hash", Pickled(Keys((pickle, i) => pickle.Number(~(((i + 1L) << 32) | (i + 1L)))))),
            (
                "numbers with a point of one hash",
                Pickled(Keys((pickle, i) => pickle.Op('G').Raw([.. BitConverter.GetBytes(((i + 1L) << 32) | (i + 1L)).Reverse()])))
            ),
            ("dictionaries made of the same pairs", Pickled(SamePairs())),
            ("tensors of the same large shape", Pickled(SameShape())),
            ("tensors that lie over each other", Overlapping()),
            (
                "a text in itself",
                Pickled(
                    new PickleWriter()
                        .Op(']')
                        .Op('q')
                        .Raw(0)
                        .Op('(')
                        .Raw([.. Enumerable.Repeat<byte[]>([(byte)'h', 0], 200_000).SelectMany(bytes => bytes)])
                        .Op('e')
                        .ToArray()
                )
            ),
        ];

    private static byte[] Pickled(byte[] pickle) => new CheckpointWriter().Zip(pickle).ToArray();

    private static byte[] Script(Action<PickleWriter> write)
    {
        var pickle = new PickleWriter();
        write(pickle);
        return new ZipWriter().Add("net/data.pkl", pickle.ToArray()).Add("net/constants.pkl", [0x80, 2, (byte)')', (byte)'.']).ToArray();
    }

    // A module, remembered under a number before its attributes are written.
    private static void Module(PickleWriter pickle, string name, byte memo, Action<PickleWriter> attributes)
    {
        pickle.Global("__torch__", name).Op(')').Raw(0x81).Op('q').Raw(memo).Op('}').Op('(');
        attributes(pickle);
        pickle.Op('u').Op('b');
    }

    private static void LongNames(PickleWriter pickle) =>
        Module(
            pickle,
            "Net",
            0,
            outer =>
            {
                outer.Text(new string('x', 1 << 20));
                Module(
                    outer,
                    "Inner",
                    1,
                    inner =>
                    {
                        inner.Text("first").Tensor("0", "FloatStorage", 1, 0, [1]).Op('q').Raw(2);
                        for (var i = 0; i < 19_000; i++)
                            inner.Text($"{i}").Op('h').Raw(2);
                    }
                );
            }
        );

    private static void SharedDictionary(PickleWriter pickle)
    {
        pickle.Op('}').Op('q').Raw(0).Op('(');
        for (var i = 0; i < 50_000; i++)
            pickle.Number(i).Op('N');
        pickle.Op('u').Op('0');
        Module(
            pickle,
            "Net",
            1,
            outer =>
            {
                for (var i = 0; i < 19_000; i++)
                    outer.Text($"{i}").Global("__torch__", "Net").Op(')').Raw(0x81).Op('h').Raw(0).Op('b');
            }
        );
    }

    private static byte[] Keys(Action<PickleWriter, int> write)
    {
        var pickle = new PickleWriter().Op('}').Op('(');
        for (var i = 0; i < Many; i++)
        {
            write(pickle, i);
            pickle.Op('N');
        }

        return pickle.Op('u').ToArray();
    }

    private static byte[] SamePairs()
    {
        var pickle = new PickleWriter().Op(']').Op('q').Raw(0).Op('(');
        for (var i = 0; i < 60_000; i++)
            pickle.Number(i).Op('N').Raw(0x86);
        pickle.Op('e').Op('0').Global("collections", "OrderedDict").Op('q').Raw(1).Op('0');
        for (var i = 0; i < 40_000; i++)
            pickle.Op('h').Raw(1).Op('h').Raw(0).Raw(0x85).Op('R').Op('0');
        return pickle.Op('}').ToArray();
    }

    private static byte[] SameShape()
    {
        var pickle = new PickleWriter().Numbers(Enumerable.Repeat(1L, 100_000)).Op('q').Raw(0).Op('0').Op('}').Op('(');
        for (var i = 0; i < 20_000; i++)
            pickle
                .Text($"{i}")
                .Global("torch._utils", "_rebuild_tensor_v2")
                .Op('(')
                .Storage("0", "FloatStorage", 4)
                .Number(0)
                .Op('h')
                .Raw(0)
                .Op('h')
                .Raw(0)
                .Op('t')
                .Op('R');
        return pickle.Op('u').ToArray();
    }

    private static byte[] Overlapping()
    {
        const int count = 1 << 22;
        var pickle = new PickleWriter().Op('}').Op('(');
        foreach (var (name, shape) in new CheckpointWriter().Shapes)
        {
            var strides = Enumerable.Repeat(1L, shape.Length).ToArray();
            strides[0] = count / shape[0] - 1024;
            pickle.Text(name).Tensor("0", "FloatStorage", count, 0, shape, strides);
        }

        return new ZipWriter().Add("net/data.pkl", pickle.Op('u').ToArray()).Add("net/data/0", new byte[4 * count]).ToArray();
    }
}
