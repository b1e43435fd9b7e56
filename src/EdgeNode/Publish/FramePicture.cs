using System.Runtime.Intrinsics;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using SkiaSharp;

namespace FaceLandmark.Publish;

/// <summary>
/// A frame as a picture to be seen: made smaller, drawn on, encoded. The picture's memory is kept for the next one. Not thread-safe.
/// </summary>
internal sealed unsafe class FramePicture : IDisposable
{
    // BT.601, limited range, in 20 bits behind the point, as OpenCV has it.
    private const int Bits = 20;
    private const int Luma = 1220542;
    private const int BlueOfU = 2116026;
    private const int GreenOfU = -409993;
    private const int GreenOfV = -852492;
    private const int RedOfV = 1673527;

    private SKBitmap _picture = new();
    private uint[] _row = [];
    private float _scale;

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">YUY2 or BGR.</param>
    /// <param name="scale">
    /// Pixels of the picture for one of the frame; above 0 and at most 1. Each is the mean of the area that it stands for.
    /// </param>
    public void Take(Frame frame, float scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, 1);
        _scale = scale;
        var (width, height) = (Math.Max(1, (int)(frame.Width * scale)), Math.Max(1, (int)(frame.Height * scale)));
        if (_picture.Width != width || _picture.Height != height)
        {
            _picture.Dispose();
            _picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        }

        var target = (uint*)_picture.GetPixels();
        if (width == frame.Width && height == frame.Height)
        {
            for (var y = 0; y < height; y++)
                Convert(frame, y, target + ((long)y * width));
            return;
        }

        if (_row.Length < frame.Width)
            _row = new uint[frame.Width];
        fixed (uint* row = _row)
            Shrink(frame, row, target, width, height);
    }

    /// <summary>Draws the faces that are present into it.</summary>
    /// <param name="faces">In pixels of the frame.</param>
    public void Draw(ReadOnlySpan<Face> faces)
    {
        using var canvas = new SKCanvas(_picture);
        FaceOverlay.Draw(canvas, _picture.Info.Size, faces, _scale);
    }

    /// <summary>The picture as a JPEG with halved colours (4:2:0).</summary>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    public byte[] ToJpeg(int quality)
    {
        using var pixels = _picture.PeekPixels();
        using var stream = new SKDynamicMemoryWStream();
        var options = new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        if (!pixels.Encode(stream, options))
            throw new InvalidOperationException($"A picture of {_picture.Width}x{_picture.Height} could not be encoded.");
        using var jpeg = stream.DetachAsData();
        return jpeg.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _picture.Dispose();

    // One row of the frame as BGRA.
    private static void Convert(Frame frame, int y, uint* target)
    {
        var source = (byte*)frame.Address + ((long)y * frame.Stride);
        if (frame.Layout == PixelLayout.Bgr)
        {
            for (var x = 0; x < frame.Width; x++, source += 3)
                target[x] = 0xFF000000 | ((uint)source[2] << 16) | ((uint)source[1] << 8) | source[0];
            return;
        }

        for (var x = 0; x + 1 < frame.Width; x += 2, source += 4)
        {
            var (u, v) = (source[1] - 128, source[3] - 128);
            var (blue, green, red) = (BlueOfU * u, (GreenOfU * u) + (GreenOfV * v), RedOfV * v);
            target[x] = Pixel(source[0], blue, green, red);
            target[x + 1] = Pixel(source[2], blue, green, red);
        }
    }

    private static uint Pixel(byte y, int blue, int green, int red)
    {
        var light = (Math.Max(0, y - 16) * Luma) + (1 << (Bits - 1));
        return 0xFF000000 | (Level(light + red) << 16) | (Level(light + green) << 8) | Level(light + blue);
    }

    private static uint Level(int value) => (uint)Math.Clamp(value >> Bits, 0, 255);

    // A row of the frame lies in one row of the picture or reaches into the next, and so does a column.
    private static void Shrink(Frame frame, uint* row, uint* target, int width, int height)
    {
        var (stepX, stepY) = ((float)frame.Width / width, (float)frame.Height / height);
        var sums = new Vector128<float>[width + 1];
        var next = new Vector128<float>[width + 1];
        var line = new Vector128<float>[width + 1];
        var j = 0;
        for (var y = 0; y < frame.Height; y++)
        {
            Convert(frame, y, row);
            Array.Clear(line);
            Shrink(row, frame.Width, stepX, line);
            var upper = Share(y, (j + 1) * stepY);
            for (var i = 0; i < width; i++)
            {
                sums[i] += line[i] * upper;
                next[i] += line[i] * (1 - upper);
            }

            if (y + 1 < (j + 1) * stepY && y + 1 < frame.Height)
                continue;
            for (var i = 0; i < width; i++)
                target[((long)j * width) + i] = ToPixel(sums[i] / (stepX * stepY));
            if (++j == height)
                return;
            (sums, next) = (next, sums);
            Array.Clear(next);
        }
    }

    private static void Shrink(uint* row, int count, float step, Vector128<float>[] line)
    {
        var i = 0;
        for (var x = 0; x < count; x++)
        {
            var pixel = Vector128.ConvertToSingle(
                Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(row[x]).AsByte())).AsInt32()
            );
            var left = Share(x, (i + 1) * step);
            line[i] += pixel * left;
            if (x + 1 < (i + 1) * step || i + 2 > line.Length - 1)
                continue;
            line[++i] += pixel * (1 - left);
        }
    }

    // The part of the pixel that begins at a place which lies before an edge.
    private static float Share(int begin, float edge) => Math.Clamp(edge - begin, 0, 1);

    private static uint ToPixel(Vector128<float> mean)
    {
        var levels = Vector128.ConvertToInt32(mean + Vector128.Create(0.5f));
        return 0xFF000000
            | ((uint)Math.Clamp(levels[2], 0, 255) << 16)
            | ((uint)Math.Clamp(levels[1], 0, 255) << 8)
            | (uint)Math.Clamp(levels[0], 0, 255);
    }
}
