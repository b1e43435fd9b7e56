using FaceLandmark.Capture.TurboJpeg;

namespace FaceLandmark.Capture;

/// <summary>
/// The JPEGs of a camera (Motion JPEG), one after the other, as BGR frames. What cables and cameras do to them is expected: a JPEG
/// that is cut off, or no JPEG at all, gives null; one without an end marker or without Huffman tables is decoded. Buffers are kept from
/// call to call. Not thread-safe.
/// </summary>
/// <param name="byTurboJpeg">By TurboJPEG rather than by Skia.</param>
internal sealed class JpegDecoder(bool byTurboJpeg) : IDisposable
{
    private const long MostPixels = 100_000_000;

    private readonly PictureDecoder _decoder = new(byTurboJpeg);
    private byte[] _ended = [];

    /// <summary>One that decodes the fastest way that is there.</summary>
    public JpegDecoder()
        : this(LibTurboJpeg.IsThere) { }

    /// <summary>The picture, owned by the caller, or null when there is no whole one in these bytes.</summary>
    /// <param name="jpeg">The bytes of one buffer of the camera; what lies behind the picture does not matter.</param>
    /// <param name="pool">Where the frame comes from.</param>
    public Frame? Decode(ReadOnlySpan<byte> jpeg, FramePool pool)
    {
        if (!jpeg.StartsWith<byte>([0xFF, 0xD8, 0xFF]) || JpegFile.Read(jpeg) is not { IsComplete: true, Width: > 0, Height: > 0 } header)
            return null;
        if ((long)header.Width * header.Height > MostPixels)
            return null;
        return _decoder.Decode(header.LacksEnd ? WithEnd(jpeg) : jpeg, pool);
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    private ReadOnlySpan<byte> WithEnd(ReadOnlySpan<byte> jpeg)
    {
        if (_ended.Length < jpeg.Length + 2)
            _ended = new byte[(jpeg.Length * 5 / 4) + 2];
        jpeg.CopyTo(_ended);
        (_ended[jpeg.Length], _ended[jpeg.Length + 1]) = (0xFF, 0xD9);
        return _ended.AsSpan(0, jpeg.Length + 2);
    }
}
