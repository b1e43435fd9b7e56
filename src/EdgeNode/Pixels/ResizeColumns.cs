using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceLandmark.Pixels;

/// <summary>
/// The horizontal half of a bilinear resize: which bytes of a row each target column takes, computed once a region. Weights have 11 bits as
/// OpenCV's INTER_LINEAR has; the result has 7 bits behind the point, what OpenCV's vertical half takes of it.
/// </summary>
internal sealed unsafe class ResizeColumns
{
    /// <summary>Columns that are computed together; a row of results has a multiple of them.</summary>
    public const int Block = 32;

    private const int Window = 16;
    private const int Group = 8;

    private readonly PinnedBuffer<int> _sources = new();
    private readonly PinnedBuffer<short> _weights = new();
    private readonly PinnedBuffer<int> _windows = new();
    private readonly PinnedBuffer<byte> _picks = new();
    private readonly PinnedBuffer<byte> _picked = new();
    private int _columns;
    private int _group;

    /// <summary>Number of results a row: the target's columns, filled up to whole blocks.</summary>
    public int Count => _columns;

    /// <summary>Computes the table.</summary>
    /// <param name="source">Width of the source in pixels.</param>
    /// <param name="target">Width of the target in pixels.</param>
    public void Prepare(int source, int target)
    {
        _columns = (target + Block - 1) & -Block;
        var sources = _sources.Ensure(_columns);
        var weights = _weights.Ensure(_columns);
        var scale = 1 / ((double)target / source);
        for (var x = 0; x < _columns; x++)
        {
            var (index, fraction) = ResizeRows.Place(Math.Min(x, target - 1), scale);
            if (index < 0)
                (index, fraction) = (0, 0);
            var weight = ResizeRows.Weight(fraction);
            // A pixel of full weight is the first of its pair, for the weight's place holds no 2048.
            if (weight == ResizeRows.One)
                (index, weight) = (index + 1, 0);
            if (index >= source - 1)
                (index, weight) = (source - 1, 0);
            sources[x] = index;
            weights[x] = (short)((weight - (ResizeRows.One / 2)) << 5);
        }

        _group = Reach(sources, Group) < Window ? Group : Group / 2;
        if (_group == Group)
            TabulateWindows(sources);
        else if (Reach(sources, Group / 2) < Window)
            TabulateHalfWindows(sources);
        else
            _group = 1;
    }

    /// <summary>One row of one colour.</summary>
    /// <param name="row">The source; 16 bytes behind its end are read, not used.</param>
    /// <param name="target"><see cref="Count"/> results: 128 times the value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    public void Resize(byte* row, short* target)
    {
        switch (_group)
        {
            case Group:
                ResizeWindows(row, target);
                break;
            case Group / 2:
                ResizeHalfWindows(row, target);
                break;
            default:
                ResizeGathered(row, target);
                break;
        }
    }

    /// <summary>
    /// (s0 * (2048 - w) + s1 * w) / 16, rounded down, in lanes of 16 bits: (s0 + s1) * 64 + ((s1 - s0) * (w - 1024)) / 16, and the last
    /// term is the upper half of the product of (s1 - s0) * 2^7 and (w - 1024) * 2^5.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResizeWindows(byte* row, short* target)
    {
        var windows = _windows.Start;
        var picks = _picks.Start;
        var weights = _weights.Start;
        if (Avx2.IsSupported)
        {
            for (var x = 0; x < _columns; x += 2 * Group, windows += 2, picks += 4 * Window)
            {
                var bytes = Vector256.Create(Vector128.Load(row + windows[0]), Vector128.Load(row + windows[1]));
                var first = Avx2.Shuffle(bytes, Vector256.Load(picks)).AsInt16();
                var second = Avx2.Shuffle(bytes, Vector256.Load(picks + (2 * Window))).AsInt16();
                var mixed = Lanes.MultiplyHigh((second - first) << 7, Vector256.Load(weights + x));
                (((first + second) << 6) + mixed).Store(target + x);
            }

            return;
        }

        for (var x = 0; x < _columns; x += 2 * Group, windows += 2, picks += 4 * Window)
        {
            for (var half = 0; half < 2; half++)
            {
                var bytes = Vector128.Load(row + windows[half]);
                var first = Vector128.ShuffleNative(bytes, Vector128.Load(picks + (half * Window))).AsInt16();
                var second = Vector128.ShuffleNative(bytes, Vector128.Load(picks + ((2 + half) * Window))).AsInt16();
                var mixed = Lanes.MultiplyHigh((second - first) << 7, Vector128.Load(weights + x + (half * Group)));
                (((first + second) << 6) + mixed).Store(target + x + (half * Group));
            }
        }
    }

    /// <summary>The same with a window for each four columns: shrinking to less than half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResizeHalfWindows(byte* row, short* target)
    {
        var windows = _windows.Start;
        var picks = _picks.Start;
        var weights = _weights.Start;
        for (var x = 0; x < _columns; x += Group, windows += 2, picks += 2 * Window)
        {
            // The first of four pairs, then the second of each.
            var left = Vector128.ShuffleNative(Vector128.Load(row + windows[0]), Vector128.Load(picks)).AsInt16();
            var right = Vector128.ShuffleNative(Vector128.Load(row + windows[1]), Vector128.Load(picks + Window)).AsInt16();
            var first = Lanes.LowerHalves(left, right);
            var second = Lanes.UpperHalves(left, right);
            var mixed = Lanes.MultiplyHigh((second - first) << 7, Vector128.Load(weights + x));
            (((first + second) << 6) + mixed).Store(target + x);
        }
    }

    /// <summary>The same where four columns reach over more than sixteen bytes: shrinking to less than a quarter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResizeGathered(byte* row, short* target)
    {
        var sources = _sources.Start;
        var weights = _weights.Start;
        var first = _picked.Ensure(2 * _columns);
        var second = first + _columns;
        for (var x = 0; x < _columns; x++)
            (first[x], second[x]) = (row[sources[x]], row[sources[x] + 1]);
        for (var x = 0; x < _columns; x += Group)
        {
            var one = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)(first + x)).AsByte()).AsInt16();
            var two = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)(second + x)).AsByte()).AsInt16();
            (((one + two) << 6) + Lanes.MultiplyHigh((two - one) << 7, Vector128.Load(weights + x))).Store(target + x);
        }
    }

    /// <summary>The most bytes between the first and the last that this many columns take.</summary>
    private int Reach(int* sources, int group)
    {
        var most = 0;
        for (var x = 0; x < _columns; x += group)
            most = Math.Max(most, sources[x + group - 1] + 1 - sources[x]);
        return most;
    }

    /// <summary>
    /// For each eight columns the window of sixteen bytes, and which of these are the first and the second of each column's pair.
    /// </summary>
    private void TabulateWindows(int* sources)
    {
        var groups = _columns / Group;
        var windows = _windows.Ensure(groups);
        var picks = _picks.Ensure(groups * 2 * Window);
        for (var group = 0; group < groups; group++)
        {
            var from = sources + (group * Group);
            windows[group] = from[0];
            // Two groups side by side: their first bytes, then their second ones.
            var first = picks + (group / 2 * 4 * Window) + (group % 2 * Window);
            var second = first + (2 * Window);
            for (var i = 0; i < Group; i++)
            {
                var place = from[i] - from[0];
                (first[2 * i], first[(2 * i) + 1]) = ((byte)place, 255);
                (second[2 * i], second[(2 * i) + 1]) = ((byte)(place + 1), 255);
            }
        }
    }

    /// <summary>For each four columns the window, and the first of their pairs before the second ones.</summary>
    private void TabulateHalfWindows(int* sources)
    {
        const int Half = Group / 2;
        var groups = _columns / Half;
        var windows = _windows.Ensure(groups);
        var picks = _picks.Ensure(groups * Window);
        for (var group = 0; group < groups; group++, picks += Window)
        {
            var from = sources + (group * Half);
            windows[group] = from[0];
            for (var i = 0; i < Half; i++)
            {
                var place = from[i] - from[0];
                (picks[2 * i], picks[(2 * i) + 1]) = ((byte)place, 255);
                (picks[Group + (2 * i)], picks[Group + (2 * i) + 1]) = ((byte)(place + 1), 255);
            }
        }
    }
}
