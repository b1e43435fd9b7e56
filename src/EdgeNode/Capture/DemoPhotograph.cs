using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceLandmark.Capture;

/// <summary>
/// A photograph as the three planes of YUY2 (BT.601, limited range; one colour for two pixels of a row), from which views of any size are
/// taken: interpolated between four samples in fixed point, at the edges continued by the last one.
/// </summary>
internal sealed unsafe class DemoPhotograph
{
    // The conversion in 20 bits behind the point, as OpenCV has it.
    private const int Bits = 20;
    private const int WeightBits = 8;
    private const int WeightOne = 1 << WeightBits;

    private readonly byte[] _light;
    private readonly byte[] _blue;
    private readonly byte[] _red;

    private readonly Places _columns = new();
    private readonly Places _colourColumns = new();
    private readonly Places _rows = new();

    /// <summary>Takes the pixels over from a picture.</summary>
    /// <param name="bgr">A frame in <see cref="PixelLayout.Bgr"/>; it is not kept.</param>
    public DemoPhotograph(Frame bgr)
    {
        (Width, Height) = (bgr.Width, bgr.Height);
        ColourWidth = (Width + 1) / 2;
        _light = new byte[Width * Height];
        (_blue, _red) = (new byte[ColourWidth * Height], new byte[ColourWidth * Height]);
        for (var y = 0; y < Height; y++)
        {
            var row = bgr.Data.Slice(y * bgr.Stride, bgr.Stride);
            for (var x = 0; x < Width; x++)
                _light[(y * Width) + x] = Light(row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]);
            for (var x = 0; x < ColourWidth; x++)
            {
                var one = row.Slice(6 * x, 3);
                var other = row.Slice(3 * Math.Min((2 * x) + 1, Width - 1), 3);
                var (b, g, r) = (one[0] + other[0], one[1] + other[1], one[2] + other[2]);
                _blue[(y * ColourWidth) + x] = Colour((-155188 * r) - (305135 * g) + (460324 * b));
                _red[(y * ColourWidth) + x] = Colour((460324 * r) - (385875 * g) - (74448 * b));
            }
        }
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    private int ColourWidth { get; }

    /// <summary>Fills a YUY2 frame with a view.</summary>
    /// <param name="left">Column of the photograph that the frame's first one shows.</param>
    /// <param name="top">Row of the photograph that the frame's first one shows.</param>
    /// <param name="step">Pixels of the photograph from one of the frame to the next.</param>
    /// <param name="frame">The frame.</param>
    public void Show(double left, double top, double step, Frame frame)
    {
        var half = frame.Width / 2;
        // The colour of two pixels lies between them.
        var colourLeft = (left + (step / 2) - 0.5) / 2;
        var (places, weights) = _columns.Spread(left, step, frame.Width, Width);
        var (colourPlaces, colourWeights) = _colourColumns.Spread(colourLeft, step, half, ColourWidth);
        var (rows, rowWeights) = _rows.Spread(top, step, frame.Height, Height);
        var line = stackalloc ushort[Width + 1];
        for (var y = 0; y < frame.Height; y++)
        {
            var mixed = (rows[y], Math.Min(rows[y] + 1, Height - 1), rowWeights[y]);
            var target = (byte*)frame.Address + ((long)y * frame.Stride);
            Fill(_light, Width, mixed, places, weights, line, target, 2);
            Fill(_blue, ColourWidth, mixed, colourPlaces, colourWeights, line, target + 1, 4);
            Fill(_red, ColourWidth, mixed, colourPlaces, colourWeights, line, target + 3, 4);
        }
    }

    // Two rows are mixed first, many samples at a time, and then the columns: whole numbers lose nothing in between.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // else the first seconds run without any
    private static void Fill(
        byte[] plane,
        int width,
        (int Row, int Next, int Weight) rows,
        int[] places,
        int[] weights,
        ushort* line,
        byte* target,
        int step
    )
    {
        var (first, last) = (places[0], Math.Min(places[^1] + 1, width - 1));
        fixed (byte* upper = &plane[rows.Row * width], lower = &plane[rows.Next * width])
            Mix(upper, lower, (ushort)rows.Weight, line, first, last + 1);
        line[last + 1] = line[last]; // beside the last column
        for (var i = 0; i < places.Length; i++, target += step)
        {
            var at = line + places[i];
            var across = weights[i];
            *target = (byte)(((at[0] * (WeightOne - across)) + (at[1] * across) + (1 << ((2 * WeightBits) - 1))) >> (2 * WeightBits));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(byte* upper, byte* lower, ushort weight, ushort* line, int from, int to)
    {
        var x = from;
        var rest = (ushort)(WeightOne - weight);
        for (; x + Vector128<byte>.Count <= to; x += Vector128<byte>.Count)
        {
            var (upperLeft, upperRight) = Vector128.Widen(Vector128.Load(upper + x));
            var (lowerLeft, lowerRight) = Vector128.Widen(Vector128.Load(lower + x));
            ((upperLeft * rest) + (lowerLeft * weight)).Store(line + x);
            ((upperRight * rest) + (lowerRight * weight)).Store(line + x + Vector128<ushort>.Count);
        }

        for (; x < to; x++)
            line[x] = (ushort)((upper[x] * rest) + (lower[x] * weight));
    }

    private static byte Light(int b, int g, int r) =>
        (byte)(((269484 * r) + (528482 * g) + (102760 * b) + (16 << Bits) + (1 << (Bits - 1))) >> Bits);

    // Of the sum of two pixels.
    private static byte Colour(int sum) => (byte)(((sum + (1 << Bits)) >> (Bits + 1)) + 128);

    /// <summary>The sample before each place of a row or column, and the weight of the one behind it; kept for the next frame.</summary>
    private sealed class Places
    {
        private int[] _places = [];
        private int[] _weights = [];

        public (int[] Places, int[] Weights) Spread(double first, double step, int count, int length)
        {
            if (_places.Length != count)
                (_places, _weights) = (new int[count], new int[count]);
            for (var i = 0; i < count; i++)
            {
                var place = Math.Clamp(first + (step * i), 0, length - 1);
                _places[i] = (int)place;
                _weights[i] = (int)Math.Round((place - _places[i]) * WeightOne);
            }

            return (_places, _weights);
        }
    }
}
