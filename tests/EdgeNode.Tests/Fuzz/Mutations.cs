using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace FaceLandmark.Tests.Fuzz;

/// <summary>Files that are nearly right: one to four places of a right one are changed, each in one of eight ways.</summary>
internal static class Mutations
{
    private static readonly byte[][] s_words =
    [
        .. @"\0 "" } ] { [ : - 1e999 null NaN \uFEFF \ud800 ../ %n , 9999999999999999999".Split(' ').Select(Encoding.UTF8.GetBytes),
        [0],
        [0xC3],
        "\r\n"u8.ToArray(),
    ];

    private static readonly Gen<long> s_numbers = Gen.OneOf<long>(
        0,
        1,
        -1,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0xFFFF,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        long.MaxValue,
        long.MinValue
    );

    // Where a change begins, as a share of the file, and how many bytes it covers.
    private static readonly Gen<(double, int)> s_places = Gen.Select(Gen.Double.Unit, Gen.Int[1, 16]);

    /// <summary>What comes of right files.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> corpus)
    {
        var files = Gen.OneOf<byte[]>([.. corpus]);
        var changes = Gen.OneOf(
            At(
                Gen.Int[0, 7],
                (bit, file, from, to) => from == to ? file : [.. file[..from], (byte)(file[from] ^ (1 << bit)), .. file[(from + 1)..]]
            ),
            At(Gen.Byte, (value, file, from, _) => [.. file[..from], value, .. file[from..].Skip(1)]),
            At(Gen.Const(0), (_, file, from, to) => [.. file[..from], .. file[to..]]),
            At(Gen.Const(0), (_, file, from, _) => file[..from]),
            At(Gen.Const(0), (_, file, from, to) => [.. file[..to], .. file[from..]]),
            At(
                Gen.Select(files, Gen.Double.Unit, (other, share) => other[(int)(other.Length * share)..]),
                (tail, file, from, _) => [.. file[..from], .. tail]
            ),
            At(Gen.Select(s_numbers, Gen.OneOf<int>(2, 4, 8), Gen.Bool), (number, file, from, _) => Put(file, from, number)),
            At(Gen.OneOf<byte[]>(s_words), (word, file, from, _) => [.. file[..from], .. word, .. file[from..]])
        );
        return Gen.Select(files, changes.Array[1, 4], (file, some) => some.Aggregate(file, (now, change) => change(now)));
    }

    private static Gen<Func<byte[], byte[]>> At<T>(Gen<T> values, Func<T, byte[], int, int, byte[]> change) =>
        Gen.Select(
            values,
            s_places,
            Func<byte[], byte[]> (value, place) =>
                file =>
                {
                    var from = (int)(file.Length * place.Item1);
                    return change(value, file, from, Math.Min(from + place.Item2, file.Length));
                }
        );

    private static byte[] Put(byte[] file, int at, (long Value, int Size, bool IsBig) number)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (number.IsBig)
            BinaryPrimitives.WriteInt64BigEndian(bytes, number.Value << (64 - (8 * number.Size)));
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number.Value);
        var size = Math.Min(number.Size, file.Length - at);
        return [.. file[..at], .. bytes[..size], .. file[(at + size)..]];
    }
}
