using System.Buffers.Binary;

namespace FaceLandmark.Films;

/// <summary>
/// Uncompressed pictures with their own times as a Matroska stream (RFC 9559): how a program learns when each picture of a pipe is to be
/// seen, which raw video and YUV4MPEG2 have no place for. One cluster a picture, times in microseconds.
/// </summary>
/// <param name="stream">Where it is written.</param>
internal sealed class RawMatroska(Stream stream)
{
    private const int Video = 1;
    private const byte KeyFrame = 0x80;

    // Element identifiers.
    private const uint Ebml = 0x1A45DFA3;
    private const uint DocType = 0x4282;
    private const uint Segment = 0x18538067;
    private const uint Info = 0x1549A966;
    private const uint TimestampScale = 0x2AD7B1;
    private const uint MuxingApp = 0x4D80;
    private const uint WritingApp = 0x5741;
    private const uint Tracks = 0x1654AE6B;
    private const uint TrackEntry = 0xAE;
    private const uint TrackNumber = 0xD7;
    private const uint TrackUid = 0x73C5;
    private const uint TrackType = 0x83;
    private const uint CodecId = 0x86;
    private const uint DefaultDuration = 0x23E383;
    private const uint VideoSettings = 0xE0;
    private const uint PixelWidth = 0xB0;
    private const uint PixelHeight = 0xBA;
    private const uint ColourSpace = 0x2EB524;
    private const uint Cluster = 0x1F43B675;
    private const uint ClusterTimestamp = 0xE7;
    private const uint SimpleBlock = 0xA3;

    /// <summary>Begins the stream.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="fps">Pictures a second as the film states them, which encoders plan by; 0 where it states none.</param>
    public void Begin(int width, int height, double fps)
    {
        byte[] entry =
        [
            .. Number(TrackNumber, 1),
            .. Number(TrackUid, 1),
            .. Number(TrackType, Video),
            .. Element(CodecId, "V_UNCOMPRESSED"u8),
            .. fps > 0 ? Number(DefaultDuration, (ulong)Math.Round(1e9 / fps)) : [],
            .. Element(
                VideoSettings,
                [
                    .. Number(PixelWidth, (ulong)width),
                    .. Number(PixelHeight, (ulong)height),
                    .. Element(ColourSpace, "BGRA"u8),
                ]
            ),
        ];
        stream.Write([
            .. Element(Ebml, Element(DocType, "matroska"u8)),
            .. Id(Segment),
            0x01, // of unknown size: until the stream ends
            .. Enumerable.Repeat((byte)0xFF, 7),
            .. Element(
                Info,
                [
                    .. Number(TimestampScale, 1000),
                    .. Element(MuxingApp, "FaceLandmark"u8),
                    .. Element(WritingApp, "FaceLandmark"u8),
                ]
            ),
            .. Element(Tracks, Element(TrackEntry, entry)),
        ]);
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="at">When it is to be seen; not negative.</param>
    /// <param name="pixels">Blue, green, red and anything for each pixel, row after row.</param>
    public void Add(TimeSpan at, ReadOnlySpan<byte> pixels)
    {
        var time = Number(ClusterTimestamp, (ulong)Math.Max(0, at.Ticks / TimeSpan.TicksPerMicrosecond));
        byte[] head = [.. Id(SimpleBlock), .. Size(4 + (ulong)pixels.Length), 0x80 | 1, 0, 0, KeyFrame];
        stream.Write([.. Id(Cluster), .. Size((ulong)(time.Length + head.Length + pixels.Length)), .. time, .. head]);
        stream.Write(pixels);
    }

    private static byte[] Number(uint id, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Element(id, bytes);
    }

    private static byte[] Element(uint id, ReadOnlySpan<byte> content) => [.. Id(id), .. Size((ulong)content.Length), .. content];

    // An identifier holds the mark of its own length.
    private static byte[] Id(uint id)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        return bytes[Array.FindIndex(bytes, one => one != 0)..];
    }

    // Eight bytes, marked as such in the first.
    private static byte[] Size(ulong size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, size | (1UL << 56));
        return bytes;
    }
}
