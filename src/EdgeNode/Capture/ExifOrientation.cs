using static System.Buffers.Binary.BinaryPrimitives;

namespace FaceLandmark.Capture;

/// <summary>
/// How a picture is to be turned, by its EXIF data, which TurboJPEG does not look at, nor Skia in PNGs.
/// </summary>
internal static class ExifOrientation
{
    private const int Signature = 8;
    private const int Frame = 12; // of a chunk: length, name, checksum
    private const int Entry = 12; // of a directory: tag, type, count, value
    private const ushort Orientation = 0x0112;

    /// <summary>1 to 8 as EXIF numbers them; 1, as it is, where the file says nothing else.</summary>
    /// <param name="file">The whole file.</param>
    public static int OfJpeg(ReadOnlySpan<byte> file) => Directory(JpegFile.Exif(file));

    /// <summary>The same of a PNG, by its chunk <c>eXIf</c> (PNG 3rd edition, 11.3.4.5).</summary>
    /// <param name="file">The whole file.</param>
    public static int OfPng(ReadOnlySpan<byte> file)
    {
        for (long at = Signature; at + Frame <= file.Length;)
        {
            var chunk = file[(int)at..];
            var length = ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("eXIf"u8))
                return Directory(chunk.Slice(8, (int)Math.Min(length, (uint)(chunk.Length - Frame))));
            at += Frame + length;
        }

        return 1;
    }

    // The first directory of a TIFF file, whose first two bytes tell the order of the others.
    private static int Directory(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        var isLittle = tiff[0] == 'I';
        var at = isLittle ? ReadUInt32LittleEndian(tiff[4..]) : ReadUInt32BigEndian(tiff[4..]);
        if (at + 2L > tiff.Length)
            return 1;
        var entries = tiff[(int)at..];
        var count = Number(entries, isLittle);
        for (var i = 0; i < count && 2 + ((i + 1) * Entry) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + (i * Entry), Entry);
            if (Number(entry, isLittle) == Orientation)
                return Number(entry[8..], isLittle) is >= 1 and <= 8 and var orientation ? orientation : 1;
        }

        return 1;
    }

    private static int Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? ReadUInt16LittleEndian(bytes) : ReadUInt16BigEndian(bytes);
}
