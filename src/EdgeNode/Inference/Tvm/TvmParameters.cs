using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FaceLandmark.Inference.Tvm;

/// <summary>What <c>deploy.params</c> holds. TVM itself reads on beyond the end of a file that was cut off, and computes garbage.</summary>
internal static class TvmParameters
{
    private const ulong Magic = 0xF7E58D4F05049CB7;
    private const ulong ArrayMagic = 0xDD5E40F096B4A13F;

    /// <summary>
    /// Reads the kinds of all weights, not their values. Layout: magic and reserved (8 bytes each); the count, then each name's length (8)
    /// and bytes; the count again, then the arrays: magic and reserved (8 each), device type and id (4 each), dimensions (4), type code and
    /// bits (1 each), lanes (2), shape (8 each), bytes (8), values.
    /// </summary>
    /// <exception cref="EngineException">It is another kind of file, cut off, damaged or longer than it says.</exception>
    public static IReadOnlyDictionary<string, TvmWeight> Read(string path)
    {
        using var file = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        Span<byte> magic = stackalloc byte[8];
        if (file.Read(magic) < 8 || BinaryPrimitives.ReadUInt64LittleEndian(magic) != Magic)
            throw new EngineException(
                $"{path} holds no weights of TVM: such a file begins with the bytes b7 9c 04 05 4f 8d e5 f7; compile the model again."
            );
        try
        {
            file.ReadUInt64();
            var names = new List<string>();
            for (var left = file.ReadUInt64(); left > 0; left--)
            {
                var length = file.ReadUInt64();
                var name = length <= 4096 ? file.ReadBytes((int)length) : [];
                if ((ulong)name.Length != length)
                    throw new EndOfStreamException();
                names.Add(Encoding.UTF8.GetString(name));
            }

            var weights = new Dictionary<string, TvmWeight>(StringComparer.Ordinal);
            if (file.ReadUInt64() != (ulong)names.Count)
                throw new EndOfStreamException();
            foreach (var name in names)
                weights[name] = ReadArray(file);
            return file.BaseStream.Position == file.BaseStream.Length ? weights : throw new EndOfStreamException();
        }
        catch (EndOfStreamException reason)
        {
            throw new EngineException(
                $"{path} is cut off or damaged: its length is not that of the weights it lists; compile or copy it again.",
                reason
            );
        }
    }

    private static TvmWeight ReadArray(BinaryReader file)
    {
        var magic = file.ReadUInt64();
        file.ReadUInt64();
        file.ReadUInt64();
        var dimensions = file.ReadInt32();
        var (code, bits, lanes) = (file.ReadByte(), file.ReadByte(), file.ReadUInt16());
        if (magic != ArrayMagic || dimensions is < 0 or > 32)
            throw new EndOfStreamException();
        var shape = new long[dimensions];
        var bytes = (bits * lanes + 7L) / 8;
        for (var i = 0; i < dimensions; i++)
        {
            shape[i] = file.ReadInt64();
            if (shape[i] is < 0 or > int.MaxValue || bytes > long.MaxValue / 2 / Math.Max(shape[i], 1))
                throw new EndOfStreamException();
            bytes *= shape[i];
        }

        if (file.ReadInt64() != bytes || bytes > file.BaseStream.Length - file.BaseStream.Position)
            throw new EndOfStreamException();
        file.BaseStream.Position += bytes;
        return new TvmWeight(TypeName(code, bits, lanes), shape);
    }

    private static string TypeName(byte code, byte bits, ushort lanes)
    {
        var name = code switch
        {
            0 => "int",
            1 => "uint",
            2 => "float",
            4 => "bfloat",
            _ => "type" + code.ToString(CultureInfo.InvariantCulture) + "_",
        };
        return (code, bits) == (1, 1)
            ? "bool"
            : string.Create(CultureInfo.InvariantCulture, $"{name}{bits}{(lanes == 1 ? "" : $"x{lanes}")}");
    }
}
