using System.Buffers.Binary;
using System.Text;

namespace FaceLandmark.Inference.Tvm;

/// <summary>The head of <c>deploy.params</c>: which weights it holds.</summary>
internal static class TvmParameters
{
    private const ulong Magic = 0xF7E58D4F05049CB7;

    /// <summary>Reads the names. Layout: magic and reserved (8 bytes each), the count, then each name's length (8) and bytes.</summary>
    /// <exception cref="EngineException">It is another kind of file, or cut off.</exception>
    public static HashSet<string> ReadNames(string path)
    {
        using var file = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        Span<byte> magic = stackalloc byte[8];
        if (file.Read(magic) < 8 || BinaryPrimitives.ReadUInt64LittleEndian(magic) != Magic)
            throw new EngineException($"{path} holds no weights of TVM: such a file begins with the bytes b7 9c 04 05 4f 8d e5 f7; compile the model again.");
        try
        {
            file.ReadUInt64();
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (var left = file.ReadUInt64(); left > 0; left--)
            {
                var length = file.ReadUInt64();
                var name = length <= 4096 ? file.ReadBytes((int)length) : [];
                if ((ulong)name.Length != length)
                    throw new EndOfStreamException();
                names.Add(Encoding.UTF8.GetString(name));
            }

            return names;
        }
        catch (EndOfStreamException reason)
        {
            throw new EngineException($"{path} is cut off or damaged: its list of weights does not end; compile or copy it again.", reason);
        }
    }
}
