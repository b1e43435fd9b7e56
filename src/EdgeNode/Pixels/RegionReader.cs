using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Pixels;

/// <summary>
/// Reads a region of a frame as a square picture of 8-bit RGB, row by row; bilinear, black outside the frame. Allocates nothing from
/// region to region.
/// </summary>
/// <param name="size">Side of the picture, pixels.</param>
internal sealed class RegionReader(int size)
{
    private readonly LinearReader _upright = new();
    private readonly TurnedReader _turned = new(size);
    private Region _target;
    private bool _isTurned;

    /// <summary>The row read last.</summary>
    public PlaneRow Row { get; } = new();

    /// <summary>Begins with a region; the frame is read until the last row is.</summary>
    public void Open(Frame frame, Region region)
    {
        Row.Ensure(2 * size);
        _isTurned = region.Degrees != 0;
        if (_isTurned)
        {
            _turned.Open(frame, region);
            return;
        }

        var left = Math.Max(region.X, 0);
        var top = Math.Max(region.Y, 0);
        var right = Math.Min(region.X + region.Width, frame.Width);
        var bottom = Math.Min(region.Y + region.Height, frame.Height);
        if (right <= left || bottom <= top)
        {
            _target = default;
            return;
        }

        // Where the region leaves the frame, only its inner part is filled.
        var (x, width) = Place(left - region.X, right - region.X, region.Width);
        var (y, height) = Place(top - region.Y, bottom - region.Y, region.Height);
        _target = new Region(x, y, width, height);
        _upright.Open(frame, new Region(left, top, right - left, bottom - top), width, height);
    }

    /// <summary>Reads a row into <see cref="Row"/>; fastest from the top to the bottom.</summary>
    public void Read(int y)
    {
        if (_isTurned)
        {
            _turned.Read(y, Row);
            return;
        }

        if (y < _target.Y || y >= _target.Y + _target.Height)
        {
            Row.Clear(0, size);
            return;
        }

        _upright.Read(y - _target.Y, Row, _target.X);
        Row.Clear(0, _target.X);
        Row.Clear(_target.X + _target.Width, size);
    }

    /// <summary>A stretch of the region's side in pixels of the picture.</summary>
    private (int From, int Length) Place(int from, int to, int side)
    {
        var first = (int)Math.Round((double)from * size / side);
        var length = Math.Max(1, (int)Math.Round((double)to * size / side) - first);
        return (Math.Min(first, size - length), length);
    }
}
