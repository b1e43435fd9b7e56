using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceLandmark.Capture;
using FaceLandmark.Capture.TurboJpeg;
using FaceLandmark.Faces;
using FaceLandmark.Pixels;
using SkiaSharp;

namespace FaceLandmark.Publish;

/// <summary>
/// A frame as a picture to be seen: made smaller, drawn on, encoded. The picture's memory is kept for the next one. Not thread-safe.
/// </summary>
/// <param name="byTurboJpeg">Encoded by TurboJPEG rather than by Skia, with the same pixels.</param>
internal sealed unsafe class FramePicture(bool byTurboJpeg) : IDisposable
{
    // A blurred face has so many spots a side: nobody can be told from them.
    private const int Spots = 6;

    // The side of what is blurred over that of the region: forehead, ears and a turned head are within.
    private const float BlurEnlargement = 1.25f;

    private readonly JpegEncoder _encoder = new(byTurboJpeg);
    private SKBitmap _picture = new();
    private byte[] _colours = [];
    private uint[] _row = [];
    private Vector128<float>[] _sums = [];
    private Vector128<float>[] _next = [];
    private Vector128<float>[] _line = [];
    private float _scale;

    /// <summary>One that encodes the fastest way that is there.</summary>
    public FramePicture()
        : this(LibTurboJpeg.IsThere) { }

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">YUY2 or BGR.</param>
    /// <param name="scale">
    /// Pixels of the picture for one of the frame; above 0 and at most 1. Each is the mean of the area that it stands for.
    /// </param>
    public void Take(Frame frame, float scale = 1)
    {
        Resize(frame, scale);
        var (width, height) = (_picture.Width, _picture.Height);
        if (_colours.Length < 3 * (frame.Width + 1))
            _colours = new byte[3 * (frame.Width + 1)];
        var target = (uint*)_picture.GetPixels();
        fixed (byte* colours = _colours)
        {
            if (width == frame.Width && height == frame.Height)
            {
                for (var y = 0; y < height; y++)
                    Convert(frame, y, colours, target + ((long)y * width));
                return;
            }

            if (_row.Length < frame.Width)
                _row = new uint[frame.Width];
            fixed (uint* row = _row)
                Shrink(frame, colours, row, target, width, height);
        }
    }

    /// <summary>Takes the size of a frame and none of its pixels: the picture is black.</summary>
    /// <param name="frame">Any.</param>
    /// <param name="scale">As of <see cref="Take"/>.</param>
    public void TakeNothingOf(Frame frame, float scale = 1)
    {
        Resize(frame, scale);
        _picture.Erase(SKColors.Black);
    }

    /// <summary>
    /// Leaves a few spots of every face: of those that are present, and of every region in which one was looked for. To be called once
    /// after <see cref="Take"/>.
    /// </summary>
    /// <param name="faces">In pixels of the frame.</param>
    public void Blur(ReadOnlySpan<Face> faces)
    {
        foreach (var face in faces)
        {
            Blur(face.Candidate.Region);
            if (face.Region != face.Candidate.Region)
                Blur(face.Region);
            if (face.IsPresent)
                Blur(Region.Around(face.Box));
        }
    }

    /// <summary>Draws the faces that are present into it.</summary>
    /// <param name="faces">In pixels of the frame.</param>
    /// <param name="withPose">Whether the axes of each head are drawn, too.</param>
    public void Draw(ReadOnlySpan<Face> faces, bool withPose = false)
    {
        using var canvas = new SKCanvas(_picture);
        FaceOverlay.Draw(canvas, _picture.Info.Size, faces, _scale, withPose);
    }

    /// <summary>The picture as it is: blue, green, red and 255 for each pixel, row after row; good until the next frame is taken.</summary>
    public ReadOnlySpan<byte> Pixels => new((void*)_picture.GetPixels(), _picture.ByteCount);

    /// <summary>The picture as a JPEG with halved colours (4:2:0); good until the next one.</summary>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    public ReadOnlyMemory<byte> ToJpeg(int quality) =>
        _encoder.Encode((byte*)_picture.GetPixels(), _picture.Width, _picture.Height, quality);

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _picture.Dispose();
    }

    private void Resize(Frame frame, float scale)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, 1);
        _scale = scale;
        var (width, height) = (Math.Max(1, (int)(frame.Width * scale)), Math.Max(1, (int)(frame.Height * scale)));
        if (_picture.Width == width && _picture.Height == height)
            return;
        _picture.Dispose();
        _picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
    }

    private void Blur(Region region)
    {
        var half = _scale * BlurEnlargement * Math.Max(region.Width, region.Height) / 2;
        var (x, y) = (_scale * (region.X + (region.Width / 2f)), _scale * (region.Y + (region.Height / 2f)));
        var left = Math.Clamp((int)MathF.Floor(x - half), 0, _picture.Width);
        var top = Math.Clamp((int)MathF.Floor(y - half), 0, _picture.Height);
        var right = Math.Clamp((int)MathF.Ceiling(x + half), 0, _picture.Width);
        var bottom = Math.Clamp((int)MathF.Ceiling(y + half), 0, _picture.Height);
        if (left >= right || top >= bottom)
            return;
        using var spots = new SKBitmap(new SKImageInfo(Spots, Spots, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (var j = 0; j < Spots; j++)
        {
            for (var i = 0; i < Spots; i++)
                spots.SetPixel(i, j, Mean(Part(left, right, i), Part(left, right, i + 1), Part(top, bottom, j), Part(top, bottom, j + 1)));
        }

        using var canvas = new SKCanvas(_picture);
        using var image = SKImage.FromBitmap(spots);
        canvas.DrawImage(image, new SKRect(left, top, right, bottom), new SKSamplingOptions(SKFilterMode.Linear));

        static int Part(int from, int to, int part) => from + ((to - from) * part / Spots);
    }

    private SKColor Mean(int left, int right, int top, int bottom)
    {
        (right, bottom) = (Math.Max(right, left + 1), Math.Max(bottom, top + 1));
        long red = 0,
            green = 0,
            blue = 0;
        var pixels = (uint*)_picture.GetPixels();
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var pixel = pixels[((long)y * _picture.Width) + x];
                red += (byte)(pixel >> 16);
                green += (byte)(pixel >> 8);
                blue += (byte)pixel;
            }
        }

        var count = (right - left) * (bottom - top);
        return new SKColor((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }

    // One row of the frame as BGRA.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    private static void Convert(Frame frame, int y, byte* colours, uint* target)
    {
        var red = colours;
        var green = red + frame.Width + 1;
        var blue = green + frame.Width + 1;
        FrameRows.Read(frame, y, 0, frame.Width, red, green, blue);
        var x = 0;
        for (; x + 8 <= frame.Width; x += 8)
        {
            var blueGreen = Eight(blue + x) | (Eight(green + x) << 8);
            var redAlpha = Eight(red + x) | Vector128.Create((ushort)0xFF00);
            (Vector128.WidenLower(blueGreen) | (Vector128.WidenLower(redAlpha) << 16)).Store(target + x);
            (Vector128.WidenUpper(blueGreen) | (Vector128.WidenUpper(redAlpha) << 16)).Store(target + x + 4);
        }

        for (; x < frame.Width; x++)
            target[x] = 0xFF000000 | ((uint)red[x] << 16) | ((uint)green[x] << 8) | blue[x];
    }

    private static Vector128<ushort> Eight(byte* colour) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(colour)).AsByte());

    // A row of the frame lies in one row of the picture or reaches into the next, and so does a column.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shrink(Frame frame, byte* colours, uint* row, uint* target, int width, int height)
    {
        var (stepX, stepY) = ((float)frame.Width / width, (float)frame.Height / height);
        if (_line.Length != width + 1)
            (_sums, _next, _line) = (new Vector128<float>[width + 1], new Vector128<float>[width + 1], new Vector128<float>[width + 1]);
        var (sums, next, line) = (_sums, _next, _line);
        Array.Clear(sums);
        Array.Clear(next);
        var j = 0;
        for (var y = 0; y < frame.Height; y++)
        {
            Convert(frame, y, colours, row);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
