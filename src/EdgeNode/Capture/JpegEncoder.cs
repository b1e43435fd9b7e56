using FaceLandmark.Capture.TurboJpeg;
using SkiaSharp;

namespace FaceLandmark.Capture;

/// <summary>BGRA to JPEGs with halved colours (4:2:0), by TurboJPEG or by Skia. Not thread-safe.</summary>
/// <param name="byTurboJpeg">By TurboJPEG rather than by Skia.</param>
internal sealed unsafe class JpegEncoder(bool byTurboJpeg) : IDisposable
{
    private readonly TurboJpegEncoder? _encoder = byTurboJpeg ? new TurboJpegEncoder() : null;

    /// <summary>One that encodes the fastest way that is there.</summary>
    public JpegEncoder()
        : this(LibTurboJpeg.IsThere) { }

    /// <summary>One JPEG; good until the next one.</summary>
    /// <param name="bgra">Rows one behind the other, without gaps; alpha does not matter.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    /// <exception cref="InvalidOperationException">It cannot be encoded, such as a picture beyond 65535 pixels a side.</exception>
    public ReadOnlyMemory<byte> Encode(byte* bgra, int width, int height, int quality)
    {
        if (_encoder is not null)
            return _encoder.Encode(bgra, width, height, quality);
        using var pixels = new SKPixmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque), (nint)bgra);
        using var stream = new SKDynamicMemoryWStream();
        var options = new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        if (!pixels.Encode(stream, options))
            throw new InvalidOperationException($"A picture of {width}x{height} could not be encoded.");
        using var jpeg = stream.DetachAsData();
        return jpeg.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder?.Dispose();
}
