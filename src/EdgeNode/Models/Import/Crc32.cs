namespace FaceLandmark.Models.Import;

/// <summary>The checksum of zip files: polynomial 0xEDB88320, reflected.</summary>
internal static class Crc32
{
    private const int Slices = 8;
    private static readonly uint[] s_table = Table();

    /// <summary>Of a whole entry. Eight bytes a step ("slicing by 8"): a checkpoint has a hundred megabytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var table = s_table;
        var crc = uint.MaxValue;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            crc ^= BitConverter.ToUInt32(bytes);
            crc = table[(7 * 256) + (byte)crc] ^ table[(6 * 256) + (byte)(crc >> 8)] ^ table[(5 * 256) + (byte)(crc >> 16)] ^ table[(4 * 256) + (crc >> 24)]
                ^ table[(3 * 256) + bytes[4]] ^ table[(2 * 256) + bytes[5]] ^ table[256 + bytes[6]] ^ table[bytes[7]];
        }

        foreach (var value in bytes)
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] Table()
    {
        var table = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            table[i] = value;
        }

        for (var i = 256; i < table.Length; i++)
            table[i] = (table[i - 256] >> 8) ^ table[(byte)table[i - 256]];
        return table;
    }
}
