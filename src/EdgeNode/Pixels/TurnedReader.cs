using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Pixels;

/// <summary>
/// Reads a turned region as a square picture, row by row; black outside the frame. The part of the frame under the region is converted
/// once, to four bytes a pixel with a black border, and each pixel of the picture is mixed of four: places and weights are OpenCV's of
/// warpAffine (32 steps a pixel, rounded once at the end).
/// </summary>
/// <param name="size">Side of the picture, pixels.</param>
internal sealed unsafe class TurnedReader(int size)
{
    /// <summary>Columns that are computed together.</summary>
    private const int Block = 16;

    /// <summary>Black pixels around the frame: a place beyond it is moved to where all four pixels are black.</summary>
    private const int Border = 2;

    private const int PlaceBits = 10;
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;

    private readonly PinnedBuffer<uint> _pixels = new();
    private readonly PinnedBuffer<int> _acrossX = new();
    private readonly PinnedBuffer<int> _acrossY = new();
    private readonly PinnedBuffer<int> _offsets = new();
    private readonly PinnedBuffer<int> _stepsX = new();
    private readonly PinnedBuffer<int> _stepsY = new();
    private readonly PinnedBuffer<uint> _row = new();
    private readonly PlaneRow _source = new();
    private readonly int _columns = (size + Block - 1) & -Block;
    private int _width;
    private int _height;
    private int _stride;
    private double _downX;
    private double _downY;
    private double _startX;
    private double _startY;

    /// <summary>Begins with a region: the frame is read now.</summary>
    public void Open(Frame frame, Region region)
    {
        var (sin, cos) = Math.SinCos(region.Degrees * Math.PI / 180);
        var (middleX, middleY) = (region.X + (region.Width / 2.0), region.Y + (region.Height / 2.0));
        var reachX = 1 + (((Math.Abs(cos) * region.Width) + (Math.Abs(sin) * region.Height)) / 2);
        var reachY = 1 + (((Math.Abs(sin) * region.Width) + (Math.Abs(cos) * region.Height)) / 2);
        var left = FrameRows.FirstColumn(frame, Math.Max((int)Math.Floor(middleX - reachX), 0));
        var top = Math.Max((int)Math.Floor(middleY - reachY), 0);
        var right = Math.Min((int)Math.Ceiling(middleX + reachX), frame.Width);
        var bottom = Math.Min((int)Math.Ceiling(middleY + reachY), frame.Height);
        if (right <= left || bottom <= top)
        {
            _width = 0;
            return;
        }

        (_width, _height) = (right - left, bottom - top);
        _stride = _width + (2 * Border) + Block;
        _pixels.Ensure(_stride * (_height + (2 * Border)));
        _source.Ensure(_width);
        _row.Ensure(_columns);
        Blacken(0, Border * _stride);
        Blacken((_height + Border) * _stride, Border * _stride);
        var (halfWidth, halfHeight) = ((region.Width / 2.0) + Border, (region.Height / 2.0) + Border);
        for (var y = 0; y < _height; y++)
        {
            // Only what lies under the region.
            var down = top + y + 0.5 - middleY;
            var (from, to) = (left - middleX, right - middleX);
            Narrow(ref from, ref to, cos, sin * down, halfWidth);
            Narrow(ref from, ref to, -sin, cos * down, halfHeight);
            var first = Math.Max(left, FrameRows.FirstColumn(frame, Math.Max(left, (int)Math.Floor(from + middleX))));
            var last = Math.Min(right, (int)Math.Ceiling(to + middleX));
            var row = (y + Border) * _stride;
            if (last > first)
            {
                FrameRows.Read(frame, top + y, first, last, _source.Red, _source.Green, _source.Blue);
                Pack(row + Border + first - left, last - first);
            }

            Blacken(row, Border);
            Blacken(row + Border + _width, Border);
        }

        // From the middle of a pixel of the picture to that of one of the part.
        var (stepX, stepY) = ((double)region.Width / size, (double)region.Height / size);
        var (acrossX, acrossY) = (cos * stepX, sin * stepX);
        (_downX, _downY) = (-sin * stepY, cos * stepY);
        var centre = 0.5 - (size / 2.0);
        _startX = middleX - left - 0.5 + (centre * (acrossX + _downX));
        _startY = middleY - top - 0.5 + (centre * (acrossY + _downY));
        var placesX = _acrossX.Ensure(_columns);
        var placesY = _acrossY.Ensure(_columns);
        for (var x = 0; x < _columns; x++)
            (placesX[x], placesY[x]) = (Fixed(acrossX * x), Fixed(acrossY * x));
    }

    /// <summary>Reads a row into <paramref name="target"/>.</summary>
    public void Read(int y, PlaneRow target)
    {
        if (_width == 0)
        {
            target.Clear(0, size);
            return;
        }

        const int Rounding = 1 << (PlaceBits - StepBits - 1);
        Locate(Fixed((_downX * y) + _startX) + Rounding, Fixed((_downY * y) + _startY) + Rounding);
        Mix();
        Unpack(target);
    }

    private static int Fixed(double place) => (int)Math.Round(place * (1 << PlaceBits));

    /// <summary>Narrows x to where |x * factor + offset| is at most a limit.</summary>
    private static void Narrow(ref double from, ref double to, double factor, double offset, double limit)
    {
        if (Math.Abs(factor) < 1e-6)
            return;
        var (one, other) = ((-limit - offset) / factor, (limit - offset) / factor);
        (from, to) = (Math.Max(from, Math.Min(one, other)), Math.Min(to, Math.Max(one, other)));
    }

    private void Blacken(int from, int count) => new Span<uint>(_pixels.Start + from, count).Clear();

    /// <summary>Three rows of bytes as pixels of four; up to <see cref="Block"/> - 1 more are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    private void Pack(int at, int count)
    {
        var to = _pixels.Start + at;
        var red = _source.Red;
        var green = _source.Green;
        var blue = _source.Blue;
        for (var x = 0; x < count; x += Block, to += Block)
        {
            var (r, g, b) = (Vector128.Load(red + x), Vector128.Load(green + x), Vector128.Load(blue + x));
            var lowRg = Vector128.WidenLower(r) | (Vector128.WidenLower(g) << 8);
            var highRg = Vector128.WidenUpper(r) | (Vector128.WidenUpper(g) << 8);
            var (lowB, highB) = Vector128.Widen(b);
            (Vector128.WidenLower(lowRg) | (Vector128.WidenLower(lowB) << 16)).Store(to);
            (Vector128.WidenUpper(lowRg) | (Vector128.WidenUpper(lowB) << 16)).Store(to + 4);
            (Vector128.WidenLower(highRg) | (Vector128.WidenLower(highB) << 16)).Store(to + 8);
            (Vector128.WidenUpper(highRg) | (Vector128.WidenUpper(highB) << 16)).Store(to + 12);
        }
    }

    /// <summary>
    /// For each pixel of a row: where its four pixels begin, in bytes, and the way to the next column (0 to 31) and row (times 512).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Locate(int startX, int startY)
    {
        var placesX = _acrossX.Start;
        var placesY = _acrossY.Start;
        var offsets = _offsets.Ensure(_columns);
        var stepsX = _stepsX.Ensure(_columns);
        var stepsY = _stepsY.Ensure(_columns);
        if (Vector256.IsHardwareAccelerated)
        {
            for (var i = 0; i < _columns; i += 8)
            {
                var x = (Vector256.Load(placesX + i) + Vector256.Create(startX)) >> (PlaceBits - StepBits);
                var y = (Vector256.Load(placesY + i) + Vector256.Create(startY)) >> (PlaceBits - StepBits);
                (x & Vector256.Create(Steps - 1)).Store(stepsX + i);
                ((y & Vector256.Create(Steps - 1)) << 9).Store(stepsY + i);
                var column = Vector256.Min(Vector256.Max(x >> StepBits, Vector256.Create(-Border)), Vector256.Create(_width));
                var row = Vector256.Min(Vector256.Max(y >> StepBits, Vector256.Create(-Border)), Vector256.Create(_height));
                var pixel = ((row + Vector256.Create(Border)) * Vector256.Create(_stride)) + column + Vector256.Create(Border);
                (pixel << 2).Store(offsets + i);
            }

            return;
        }

        for (var i = 0; i < _columns; i += 4)
        {
            var x = (Vector128.Load(placesX + i) + Vector128.Create(startX)) >> (PlaceBits - StepBits);
            var y = (Vector128.Load(placesY + i) + Vector128.Create(startY)) >> (PlaceBits - StepBits);
            (x & Vector128.Create(Steps - 1)).Store(stepsX + i);
            ((y & Vector128.Create(Steps - 1)) << 9).Store(stepsY + i);
            var column = Vector128.Min(Vector128.Max(x >> StepBits, Vector128.Create(-Border)), Vector128.Create(_width));
            var row = Vector128.Min(Vector128.Max(y >> StepBits, Vector128.Create(-Border)), Vector128.Create(_height));
            var pixel = ((row + Vector128.Create(Border)) * Vector128.Create(_stride)) + column + Vector128.Create(Border);
            (pixel << 2).Store(offsets + i);
        }
    }

    /// <summary>
    /// (top * 32 + (bottom - top) * step + 512) / 1024 in lanes of 16 bits, where top and bottom are 32 times the value between two
    /// columns: (top + 16 + ((bottom - top) * step) / 32) / 32, and the inner quotient is the upper half of the product of (bottom -
    /// top) * 4 and step * 512.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mix()
    {
        var offsets = _offsets.Start;
        var stepsX = _stepsX.Start;
        var stepsY = _stepsY.Start;
        var upper = (byte*)_pixels.Start;
        var lower = (byte*)(_pixels.Start + _stride);
        var target = (byte*)_row.Start;
        if (Avx2.IsSupported)
        {
            for (var x = 0; x < _columns; x += 8)
            {
                var next = x + 4;
                var first = Mix(Four(upper, offsets + x), Four(lower, offsets + x), Spread(stepsX + x), Spread(stepsY + x));
                var second = Mix(Four(upper, offsets + next), Four(lower, offsets + next), Spread(stepsX + next), Spread(stepsY + next));
                Lanes.ToBytes(first, second).Store(target + (4 * x));
            }

            return;
        }

        for (var x = 0; x < _columns; x += 4)
        {
            var first = Mix(Two(upper, offsets + x), Two(lower, offsets + x), SpreadTwo(stepsX + x), SpreadTwo(stepsY + x));
            var second = Mix(
                Two(upper, offsets + x + 2),
                Two(lower, offsets + x + 2),
                SpreadTwo(stepsX + x + 2),
                SpreadTwo(stepsY + x + 2)
            );
            Lanes.ToBytes(first, second).Store(target + (4 * x));
        }
    }

    /// <summary>Two neighbours in a row of each of two places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Two(byte* row, int* offsets) =>
        Vector128.Create(*(ulong*)(row + offsets[0]), *(ulong*)(row + offsets[1])).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Four(byte* row, int* offsets) => Vector256.Create(Two(row, offsets), Two(row, offsets + 2));

    /// <summary>Each of two steps for the four bytes of its pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> SpreadTwo(int* steps) =>
        Vector128
            .ShuffleNative(
                Vector128.CreateScalarUnsafe(*(ulong*)steps).AsByte(),
                Vector128.Create((byte)0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5)
            )
            .AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Spread(int* steps)
    {
        const long First = 0x0100_0100_0100_0100;
        const long Second = 0x0908_0908_0908_0908;
        var spread = Vector256.Create(First, Second, First, Second).AsByte();
        return Avx2.Shuffle(Avx2.ConvertToVector256Int64(Vector128.Load(steps)).AsByte(), spread).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Mix(Vector128<byte> upper, Vector128<byte> lower, Vector128<short> stepX, Vector128<short> stepY)
    {
        var left = Vector128.Create((byte)0, 255, 1, 255, 2, 255, 3, 255, 8, 255, 9, 255, 10, 255, 11, 255);
        var right = Vector128.Create((byte)4, 255, 5, 255, 6, 255, 7, 255, 12, 255, 13, 255, 14, 255, 15, 255);
        var (upperLeft, lowerLeft) = (Vector128.Shuffle(upper, left).AsInt16(), Vector128.Shuffle(lower, left).AsInt16());
        var top = (upperLeft << StepBits) + ((Vector128.Shuffle(upper, right).AsInt16() - upperLeft) * stepX);
        var bottom = (lowerLeft << StepBits) + ((Vector128.Shuffle(lower, right).AsInt16() - lowerLeft) * stepX);
        return (top + Vector128.Create((short)16) + Lanes.MultiplyHigh((bottom - top) << 2, stepY)) >> StepBits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Mix(Vector256<byte> upper, Vector256<byte> lower, Vector256<short> stepX, Vector256<short> stepY)
    {
        var left = Vector256.Create(Vector128.Create((byte)0, 255, 1, 255, 2, 255, 3, 255, 8, 255, 9, 255, 10, 255, 11, 255));
        var right = Vector256.Create(Vector128.Create((byte)4, 255, 5, 255, 6, 255, 7, 255, 12, 255, 13, 255, 14, 255, 15, 255));
        var (upperLeft, lowerLeft) = (Avx2.Shuffle(upper, left).AsInt16(), Avx2.Shuffle(lower, left).AsInt16());
        var top = (upperLeft << StepBits) + ((Avx2.Shuffle(upper, right).AsInt16() - upperLeft) * stepX);
        var bottom = (lowerLeft << StepBits) + ((Avx2.Shuffle(lower, right).AsInt16() - lowerLeft) * stepX);
        return (top + Vector256.Create((short)16) + Lanes.MultiplyHigh((bottom - top) << 2, stepY)) >> StepBits;
    }

    /// <summary>The row of four bytes a pixel as three rows of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unpack(PlaneRow target)
    {
        var from = _row.Start;
        var red = target.Red;
        var green = target.Green;
        var blue = target.Blue;
        for (var x = 0; x < _columns; x += Block, from += Block)
        {
            var (a, b, c, d) = (Vector128.Load(from), Vector128.Load(from + 4), Vector128.Load(from + 8), Vector128.Load(from + 12));
            Bytes(a, b, c, d).Store(red + x);
            Bytes(a >>> 8, b >>> 8, c >>> 8, d >>> 8).Store(green + x);
            Bytes(a >>> 16, b >>> 16, c >>> 16, d >>> 16).Store(blue + x);
        }

        // The lowest byte of each.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<byte> Bytes(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
            Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(c, d));
    }
}
