using static System.Buffers.Binary.BinaryPrimitives;

namespace FaceLandmark.Capture;

/// <summary>What the first bytes of a picture file say, read before anything is decoded.</summary>
/// <param name="Width">Width in pixels, before any rotation the file asks for.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="IsComplete">False when the file ends too early. Decoders fill the missing part with grey and don't complain.</param>
internal readonly record struct PictureHeader(int Width, int Height, bool IsComplete)
{
    /// <summary>Reads the header of a JPEG, PNG, BMP or WebP file; null for anything else.</summary>
    /// <param name="file">The whole file.</param>
    public static PictureHeader? Read(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
            return Jpeg(file);
        if (file.Length < 30)
            return null;
        if (file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']))
            return new PictureHeader(ReadInt32BigEndian(file[16..]), ReadInt32BigEndian(file[20..]), file.LastIndexOf("IEND"u8) > 0);
        if (file.StartsWith("BM"u8))
            return new PictureHeader(ReadInt32LittleEndian(file[18..]), Math.Abs(Math.Max(ReadInt32LittleEndian(file[22..]), -int.MaxValue)), ReadUInt32LittleEndian(file[2..]) <= file.Length);
        if (file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return WebP(file);
        return null;
    }

    // The chunk that follows tells the size: VP8X three bytes each (less one), VP8L 14 bits each (less one), VP8 14 bits each.
    private static PictureHeader? WebP(ReadOnlySpan<byte> file)
    {
        var isComplete = ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length;
        if (file[12..].StartsWith("VP8X"u8))
            return new PictureHeader((ReadInt32LittleEndian(file[24..]) & 0xFFFFFF) + 1, (ReadInt32LittleEndian(file[26..]) >> 8 & 0xFFFFFF) + 1, isComplete);
        if (file[12..].StartsWith("VP8L"u8))
            return new PictureHeader((ReadInt32LittleEndian(file[21..]) & 0x3FFF) + 1, (ReadInt32LittleEndian(file[21..]) >> 14 & 0x3FFF) + 1, isComplete);
        if (file[12..].StartsWith("VP8 "u8))
            return new PictureHeader(ReadUInt16LittleEndian(file[26..]) & 0x3FFF, ReadUInt16LittleEndian(file[28..]) & 0x3FFF, isComplete);
        return null;
    }

    // Segment after segment up to the end marker: a preview inside the file has an end marker of its own, so searching for one is not enough.
    private static PictureHeader Jpeg(ReadOnlySpan<byte> file)
    {
        int width = 0, height = 0, at = 2;
        while (at + 2 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker == 0xD9)
                return new PictureHeader(width, height, true);
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (at + 9 > file.Length)
                break;
            var isFrame = marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;
            if (isFrame)
                (height, width) = (ReadUInt16BigEndian(file[(at + 5)..]), ReadUInt16BigEndian(file[(at + 7)..]));
            at += 2 + ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker == 0xDA)
                at = EndOfScan(file, at);
        }

        return new PictureHeader(width, height, false);
    }

    // In the coded data 0xFF is followed by 0 (a literal 0xFF) or by a restart marker, 0xD0 to 0xD7.
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
                break;
            at += next;
            if (file[at + 1] is not 0 and not (>= 0xD0 and <= 0xD7))
                return at;
            at += 2;
        }

        return file.Length;
    }
}
