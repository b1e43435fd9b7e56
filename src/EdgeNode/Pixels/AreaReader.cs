using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Pixels;

/// <summary>
/// Reads part of a frame in a smaller size, row by row: each pixel is the mean of the area that it covers, as OpenCV's INTER_AREA,
/// within a level. Keeps its memory from part to part.
/// </summary>
internal sealed unsafe class AreaReader
{
    /// <summary>The weights of the rows that a row is made of add up to this, so that sums of bytes fit in 16 bits.</summary>
    private const int One = 256;

    /// <summary>Those of the columns; their products with sums of at most 255 * 256 add up to less than 2^32.</summary>
    private const int OneColumn = 1 << 16;

    /// <summary>Columns that are multiplied together.</summary>
    private const int Group = 4;

    private readonly PlaneRow _source = new();
    private readonly PinnedBuffer<ushort> _sums = new();
    private readonly PinnedBuffer<int> _columns = new();
    private readonly PinnedBuffer<uint> _weights = new();
    private (int From, int To) _tabulated;
    private int _groups;
    private int _sourceRow;
    private Frame? _frame;
    private Region _part;
    private int _width;
    private int _height;
    private int _stride;

    /// <summary>Begins.</summary>
    /// <param name="frame">Read until the last row is.</param>
    /// <param name="part">Inside the frame; not turned.</param>
    /// <param name="width">Of the target, pixels; at most the part's.</param>
    /// <param name="height">Of the target, pixels; at most the part's.</param>
    public void Open(Frame frame, Region part, int width, int height)
    {
        (_frame, _part, _width, _height) = (frame, part, width, height);
        _source.Ensure(part.Width + 2);
        _stride = part.Width + PlaneRow.Slack;
        _sums.Ensure(3 * _stride);
        _sourceRow = -1;
        if (_tabulated != (part.Width, width))
            Tabulate();
    }

    /// <summary>Reads a row.</summary>
    /// <param name="y">Of the target.</param>
    /// <param name="target">Filled from its first column on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    public void Read(int y, PlaneRow target)
    {
        SumRows(y);
        const uint Half = 1 << 23;
        var columns = _columns.Start;
        for (var channel = 0; channel < 3; channel++)
        {
            var sums = _sums.Start + (channel * _stride);
            var row = target[channel];
            var weights = _weights.Start;
            for (var x = 0; x < _width; x++)
            {
                var from = sums + columns[x];
                var sum = Vector128<uint>.Zero;
                for (var group = 0; group < _groups; group++, from += Group, weights += Group)
                    sum += Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)from).AsUInt16()) * Vector128.Load(weights);
                row[x] = (byte)((Vector128.Sum(sum) + Half) >> 24);
            }
        }
    }

    /// <summary>Which columns of the part each of the target's covers, and the share of each.</summary>
    private void Tabulate()
    {
        _tabulated = (_part.Width, _width);
        var scale = (double)_part.Width / _width;
        _groups = ((int)Math.Ceiling(scale) + Group) / Group;
        var columns = _columns.Ensure(_width);
        var weights = _weights.Ensure(_width * _groups * Group);
        for (var x = 0; x < _width; x++)
        {
            var (from, to) = (x * scale, Math.Min((x + 1) * scale, _part.Width));
            var first = columns[x] = Math.Min((int)from, _part.Width - 1);
            var given = 0;
            for (var column = first; column < first + (_groups * Group); column++)
            {
                var due = DueUpTo(column, from, to, OneColumn);
                *weights++ = (uint)(due - given);
                given = due;
            }
        }
    }

    // Whole numbers that add up exactly: each row or column gets what is due up to its end, less what was given to those before it.
    private static int DueUpTo(int place, double from, double to, int one) =>
        (int)Math.Round(one * (Math.Min(place + 1, to) - from) / (to - from));

    /// <summary>Adds up the rows of the part that a row of the target covers, each with its share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumRows(int y)
    {
        var scale = (double)_part.Height / _height;
        var (from, to) = (y * scale, Math.Min((y + 1) * scale, _part.Height));
        var last = Math.Min((int)to, _part.Height - 1);
        var first = Math.Min((int)from, last);
        new Span<ushort>(_sums.Start, 3 * _stride).Clear();
        var begin = FrameRows.FirstColumn(_frame!, _part.X);
        var given = 0;
        for (var row = first; row <= last; row++)
        {
            var due = DueUpTo(row, from, to, One);
            var weight = (ushort)(due - given);
            given = due;
            if (weight == 0)
                continue;
            if (row != _sourceRow)
                FrameRows.Read(_frame!, _part.Y + row, begin, _part.X + _part.Width, _source.Red, _source.Green, _source.Blue);
            _sourceRow = row;
            for (var channel = 0; channel < 3; channel++)
                Add(_source[channel] + _part.X - begin, weight, _sums.Start + (channel * _stride), _part.Width);
        }
    }

    /// <summary>Adds bytes times a weight; up to 31 sums more are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(byte* row, ushort weight, ushort* sums, int count)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            var factor = Vector256.Create(weight);
            for (var x = 0; x < count; x += 32)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(row + x));
                (Vector256.Load(sums + x) + (low * factor)).Store(sums + x);
                (Vector256.Load(sums + x + 16) + (high * factor)).Store(sums + x + 16);
            }

            return;
        }

        for (var x = 0; x < count; x += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + x));
            (Vector128.Load(sums + x) + (low * weight)).Store(sums + x);
            (Vector128.Load(sums + x + 8) + (high * weight)).Store(sums + x + 8);
        }
    }
}
