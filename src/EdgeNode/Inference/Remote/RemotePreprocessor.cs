using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Pixels;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.Remote;

/// <summary>
/// Makes of a region what its server is sent as pixels: RGB in the network's size, as it is or as a JPEG. The rest of pre-processing is the
/// server's.
/// </summary>
/// <param name="model">Whose size.</param>
/// <param name="jpegQuality">1 to 100; null: no JPEG.</param>
internal sealed unsafe class RemotePreprocessor(ModelCard model, int? jpegQuality) : IPreprocessor
{
    private readonly int _size = model.InputSize;
    private readonly RegionReader _reader = new(model.InputSize);
    private readonly JpegEncoder? _encoder = jpegQuality is null ? null : new JpegEncoder();
    private readonly uint[] _picture = new uint[jpegQuality is null ? 0 : model.InputSize * model.InputSize];

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var payload = (RemotePayload)(tensor.Binding ??= new RemotePayload());
        _reader.Open(frame, region);
        if (_encoder is null)
        {
            WriteRgb(payload.Take(3 * _size * _size));
            return;
        }

        for (var y = 0; y < _size; y++)
        {
            _reader.Read(y);
            byte* red = _reader.Row.Red,
                green = _reader.Row.Green,
                blue = _reader.Row.Blue;
            var target = _picture.AsSpan(y * _size, _size);
            for (var x = 0; x < target.Length; x++)
                target[x] = 0xFF000000 | ((uint)red[x] << 16) | ((uint)green[x] << 8) | blue[x];
        }

        fixed (uint* picture = _picture)
        {
            var jpeg = _encoder.Encode((byte*)picture, _size, _size, jpegQuality!.Value).Span;
            jpeg.CopyTo(payload.Take(jpeg.Length));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder?.Dispose();

    private void WriteRgb(Span<byte> target)
    {
        for (var y = 0; y < _size; y++)
        {
            _reader.Read(y);
            byte* red = _reader.Row.Red,
                green = _reader.Row.Green,
                blue = _reader.Row.Blue;
            var row = target.Slice(3 * y * _size, 3 * _size);
            for (var x = 0; x < _size; x++)
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (red[x], green[x], blue[x]);
        }
    }
}
