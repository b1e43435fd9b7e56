using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Pixels;

/// <summary>
/// Reads part of a frame in another size, bilinear, row by row: only the rows and columns that the part touches are converted, each once.
/// Each value is the one that OpenCV's cvtColor and resize give. Keeps its memory from part to part.
/// </summary>
internal sealed unsafe class LinearReader
{
    private readonly ResizeColumns _columns = new();
    private readonly PlaneRow _source = new();
    private readonly PinnedBuffer<short> _mixed = new();
    private readonly int[] _held = [-1, -1];
    private Frame? _frame;
    private Region _part;
    private double _scale;

    /// <summary>Begins.</summary>
    /// <param name="frame">Read until the last row is.</param>
    /// <param name="part">Inside the frame; not turned.</param>
    /// <param name="width">Of the target, pixels.</param>
    /// <param name="height">Of the target, pixels.</param>
    public void Open(Frame frame, Region part, int width, int height)
    {
        (_frame, _part, _scale) = (frame, part, 1 / ((double)height / part.Height));
        _columns.Prepare(part.Width, width);
        _source.Ensure(part.Width + 2);
        _mixed.Ensure(6 * _columns.Count);
        (_held[0], _held[1]) = (-1, -1);
    }

    /// <summary>Reads a row; fastest from the top to the bottom.</summary>
    /// <param name="y">Of the target.</param>
    /// <param name="target">Filled from here on, up to <see cref="PlaneRow.Slack"/> bytes beyond the width.</param>
    /// <param name="at">Column of <paramref name="target"/> where the part begins.</param>
    public void Read(int y, PlaneRow target, int at)
    {
        var (row, fraction) = ResizeRows.Place(y, _scale);
        var upper = Hold(Math.Clamp(row, 0, _part.Height - 1));
        var lower = Hold(Math.Clamp(row + 1, 0, _part.Height - 1));
        for (var channel = 0; channel < 3; channel++)
        {
            var offset = channel * _columns.Count;
            ResizeRows.Mix(upper + offset, lower + offset, fraction, target[channel] + at, _columns.Count);
        }
    }

    /// <summary>A row of the part, resized to the target's width: neighbours lie in two places.</summary>
    private short* Hold(int row)
    {
        var place = row & 1;
        var mixed = _mixed.Start + (place * 3 * _columns.Count);
        if (_held[place] == row)
            return mixed;
        _held[place] = row;
        var first = FrameRows.FirstColumn(_frame!, _part.X);
        FrameRows.Read(_frame!, _part.Y + row, first, _part.X + _part.Width, _source.Red, _source.Green, _source.Blue);
        for (var channel = 0; channel < 3; channel++)
            _columns.Resize(_source[channel] + _part.X - first, mixed + (channel * _columns.Count));
        return mixed;
    }
}
