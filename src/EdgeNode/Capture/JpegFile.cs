using static System.Buffers.Binary.BinaryPrimitives;

namespace FaceLandmark.Capture;

/// <summary>
/// The segments of a JPEG file (ITU-T T.81), taken as tolerantly as libjpeg does: stray bytes before a segment, fill bytes and a missing
/// end marker are no faults. The count of its blocks distinguishes a picture that breaks off from one that only lacks its end marker.
/// </summary>
internal static class JpegFile
{
    private const byte Start = 0xD8;
    private const byte End = 0xD9;
    private const byte Scan = 0xDA;
    private const byte Huffman = 0xC4;
    private const byte Restart = 0xDD;
    private const byte Application1 = 0xE1;

    // The most that cameras and programs write is about ten; each costs a walk over the whole picture, however few bytes it has.
    private const int MostScans = 200;

    /// <summary>Size, and whether the picture is there as a whole.</summary>
    public static PictureHeader Read(ReadOnlySpan<byte> file)
    {
        var blocks = new JpegBlocks();
        int width = 0,
            height = 0,
            scans = 0,
            at = 2;
        var (isComplete, lacksEnd) = (false, true);
        while (NextMarker(file, ref at) is var marker and not 0)
        {
            if (marker == End && scans > 0)
            {
                (isComplete, lacksEnd) = (true, false);
                break;
            }

            if (HasNoLength(marker))
                continue;
            if (!TrySegment(file, ref at, out var segment))
                break;
            if (IsFrame(marker) && segment.Length >= 6)
            {
                (height, width) = (ReadUInt16BigEndian(segment[1..]), ReadUInt16BigEndian(segment[3..]));
                blocks.Frame(segment, marker);
            }
            else if (marker == Huffman)
            {
                blocks.Tables(segment);
            }
            else if (marker == Restart && segment.Length >= 2)
            {
                blocks.RestartEvery = ReadUInt16BigEndian(segment);
            }
            else if (marker == Scan)
            {
                if (++scans > MostScans)
                    return new PictureHeader(width, height, false);
                var end = EndOfScan(file, at);
                // Behind the last scan nothing follows in a file without an end marker.
                if (end >= file.Length - 1)
                    isComplete = blocks.IsWhole(segment, file[at..end]);
                else
                    blocks.Note(segment);
                at = end;
            }
        }

        return new PictureHeader(width, height, isComplete, isComplete && lacksEnd);
    }

    /// <summary>The EXIF data before the picture (a TIFF file); empty where there are none.</summary>
    public static ReadOnlySpan<byte> Exif(ReadOnlySpan<byte> file)
    {
        var at = 2;
        while (NextMarker(file, ref at) is var marker and not (0 or Scan or End))
        {
            if (HasNoLength(marker))
                continue;
            if (!TrySegment(file, ref at, out var segment))
                break;
            if (marker == Application1 && segment.StartsWith("Exif\0\0"u8))
                return segment[6..];
        }

        return default;
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not Huffman and not 0xC8 and not 0xCC;

    private static bool HasNoLength(byte marker) => marker is Start or End or 0x01 or (>= 0xD0 and <= 0xD7);

    // The bytes of a segment behind its length; false when they are not all there.
    private static bool TrySegment(ReadOnlySpan<byte> file, scoped ref int at, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        if (at + 2 > file.Length)
            return false;
        var length = ReadUInt16BigEndian(file[at..]);
        if (length < 2 || at + length > file.Length)
            return false;
        segment = file.Slice(at + 2, length - 2);
        at += length;
        return true;
    }

    // 0 at the end of the file.
    private static byte NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (at + 1 < file.Length)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0)
                break;
            at += next + 1;
            while (at < file.Length && file[at] == 0xFF)
                at++;
            if (at < file.Length && file[at] != 0)
                return file[at++];
        }

        at = file.Length;
        return 0;
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
            if (file[at + 1] is not 0 and not 0xFF and not (>= 0xD0 and <= 0xD7))
                return at;
            at += file[at + 1] == 0xFF ? 1 : 2;
        }

        return file.Length;
    }
}
