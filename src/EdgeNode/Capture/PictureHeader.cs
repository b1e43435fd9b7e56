using static System.Buffers.Binary.BinaryPrimitives;

namespace FaceLandmark.Capture;

/// <summary>What a picture file says of itself, read before anything is decoded.</summary>
/// <param name="Width">Width in pixels, before any rotation the file asks for.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="IsComplete">False when the file ends too early. Decoders fill the missing part with grey and do not complain.</param>
/// <param name="LacksEnd">True for a complete JPEG without an end marker, which the decoder waits for.</param>
internal readonly record struct PictureHeader(int Width, int Height, bool IsComplete, bool LacksEnd = false)
{
    private const int PngSignature = 8;
    private const int PngFrame = 12; // of a chunk: length, name, checksum

    /// <summary>Reads the header of a JPEG, PNG, BMP or WebP file; null for anything else.</summary>
    /// <param name="file">The whole file.</param>
    public static PictureHeader? Read(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
            return JpegFile.Read(file);
        if (file.Length < 30)
            return null;
        if (file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']))
            return Png(file);
        if (file.StartsWith("BM"u8))
            return new PictureHeader(
                ReadInt32LittleEndian(file[18..]),
                Math.Abs(Math.Max(ReadInt32LittleEndian(file[22..]), -int.MaxValue)),
                ReadUInt32LittleEndian(file[2..]) <= file.Length
            );
        if (file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return WebP(file);
        return null;
    }

    // Chunk after chunk: a decoder takes memory for the length that a chunk announces, whether it is there or not.
    private static PictureHeader Png(ReadOnlySpan<byte> file)
    {
        var (width, height) = (ReadInt32BigEndian(file[16..]), ReadInt32BigEndian(file[20..]));
        if (!file[12..].StartsWith("IHDR"u8))
            return new PictureHeader(width, height, false);
        for (long at = PngSignature; at + PngFrame <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..].StartsWith("IEND"u8))
                return new PictureHeader(width, height, true);
            at += PngFrame + ReadUInt32BigEndian(chunk);
        }

        return new PictureHeader(width, height, false);
    }

    // The chunk that follows tells the size: VP8X three bytes each (less one), VP8L 14 bits each (less one), VP8 14 bits each.
    private static PictureHeader? WebP(ReadOnlySpan<byte> file)
    {
        var isComplete = ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length;
        if (file[12..].StartsWith("VP8X"u8))
            return new PictureHeader(
                (ReadInt32LittleEndian(file[24..]) & 0xFFFFFF) + 1,
                (ReadInt32LittleEndian(file[26..]) >> 8 & 0xFFFFFF) + 1,
                isComplete && HasWholeChunks(file)
            );
        if (file[12..].StartsWith("VP8L"u8))
            return new PictureHeader(
                (ReadInt32LittleEndian(file[21..]) & 0x3FFF) + 1,
                (ReadInt32LittleEndian(file[21..]) >> 14 & 0x3FFF) + 1,
                isComplete && HasWholeChunks(file)
            );
        if (file[12..].StartsWith("VP8 "u8))
            return new PictureHeader(
                ReadUInt16LittleEndian(file[26..]) & 0x3FFF,
                ReadUInt16LittleEndian(file[28..]) & 0x3FFF,
                isComplete && HasWholeChunks(file)
            );
        return null;
    }

    private static bool HasWholeChunks(ReadOnlySpan<byte> file)
    {
        long at = 12;
        while (at + 8 <= file.Length)
        {
            var length = ReadUInt32LittleEndian(file[((int)at + 4)..]);
            at += 8 + length + (length & 1);
        }

        return at <= file.Length + 1; // the last chunk's padding may be missing
    }
}
