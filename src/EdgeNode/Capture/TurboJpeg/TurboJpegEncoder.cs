namespace FaceLandmark.Capture.TurboJpeg;

/// <summary>BGRA to JPEGs with halved colours (4:2:0) by TurboJPEG. Its buffer is kept for the next picture. Not thread-safe.</summary>
internal sealed unsafe class TurboJpegEncoder : IDisposable
{
    private readonly TurboJpegHandle _encoder = LibTurboJpeg.OpenEncoder();
    private byte[] _buffer = [];

    /// <summary>One JPEG; good until the next one.</summary>
    /// <param name="bgra">Rows one behind the other, without gaps; alpha does not matter.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    /// <exception cref="InvalidOperationException">TurboJPEG cannot encode it, such as a picture beyond 65535 pixels a side.</exception>
    public ReadOnlyMemory<byte> Encode(byte* bgra, int width, int height, int quality)
    {
        var length = LibTurboJpeg.MostBytes(width, height, LibTurboJpeg.HalvedColours);
        if (length > (nuint)Array.MaxLength)
            throw new InvalidOperationException($"A picture of {width}x{height} is too large for a JPEG.");
        if (_buffer.Length < (int)length)
            _buffer = new byte[(int)length];
        fixed (byte* start = _buffer)
        {
            var jpeg = start;
            var status = LibTurboJpeg.Encode(
                _encoder,
                bgra,
                width,
                width * sizeof(uint),
                height,
                LibTurboJpeg.Bgra,
                ref jpeg,
                ref length,
                LibTurboJpeg.HalvedColours,
                quality,
                LibTurboJpeg.NoReallocation | LibTurboJpeg.AccurateTransform
            );
            if (status != 0)
                throw new InvalidOperationException(
                    $"A picture of {width}x{height} could not be encoded: {LibTurboJpeg.ErrorOf(_encoder)}."
                );
        }

        return _buffer.AsMemory(0, (int)length);
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
