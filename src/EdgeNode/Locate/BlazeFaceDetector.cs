using System.Numerics;
using System.Runtime.CompilerServices;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Pixels;

namespace FaceLandmark.Locate;

/// <summary>
/// Faces by BlazeFace on ONNX Runtime: the 128-pixel "front" or the 256-pixel "back" network. The frame is fitted into the square
/// input with black bars. A still picture is searched in overlapping tiles of halving size too, which finds the small faces of a
/// group; a moving one only as a whole, which takes a few milliseconds.
/// </summary>
internal sealed unsafe class BlazeFaceDetector : IFaceDetector
{
    // Sides of the windows of a second look over the face's: faces of a third of the input were placed better than those of a sixth or of
    // 0.6.
    private const float NearWindow = 2.2f;
    private const float FarWindow = 3.5f;

    /// <summary>
    /// A hit in a whole still is worth a second look from this share of the least score: faces that fill the picture score low at first.
    /// </summary>
    private const float SuspectShare = 0.5f;

    /// <summary>One of the two looks must reach the least score, the other this share of it (docs/decisions/0172).</summary>
    private const float LesserShare = 0.75f;

    /// <summary>What the network takes for each level: -1 to 1.</summary>
    private static readonly float[] s_levels = [.. Enumerable.Range(0, 256).Select(level => (level / 127.5f) - 1)];

    private readonly LocateOptions _options;
    private readonly Lock _gate = new();
    private readonly BlazeFaceNetwork _network;
    private readonly List<BlazeFaceHit> _hits = [];
    private readonly List<BlazeFaceHit> _found = [];
    private readonly LinearReader _linear = new();
    private readonly AreaReader _area = new();
    private readonly PlaneRow _row = new();

    /// <summary>Loads the network.</summary>
    /// <exception cref="DetectorException">The file is missing, no ONNX model, or not a BlazeFace.</exception>
    public BlazeFaceDetector(LocateOptions options)
    {
        _options = options;
        _network = new BlazeFaceNetwork(options.Detector);
    }

    /// <summary>Side of the network's input in pixels: 128 or 256.</summary>
    public int InputSize => _network.Size;

    /// <inheritdoc/>
    public IReadOnlyList<Detection> Detect(Frame frame)
    {
        lock (_gate)
        {
            var hits = Hits(frame);
            var detections = new Detection[hits.Count];
            for (var i = 0; i < detections.Length; i++)
                detections[i] = new Detection(hits[i].LandmarkBox, hits[i].Score);
            return detections;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _network.Dispose();
    }

    /// <summary>The network's own answers in pixels of the frame, merged; valid until the next call.</summary>
    internal List<BlazeFaceHit> Hits(Frame frame)
    {
        _found.Clear();
        Search(frame, new Region(0, 0, frame.Width, frame.Height), frame.IsStill ? SuspectShare * _options.MinScore : _options.MinScore);
        if (frame.IsStill)
        {
            for (var side = Math.Max(frame.Width, frame.Height) / 2; side >= InputSize; side /= 2)
                SearchTiles(frame, side);
            HitMerger.Merge(_found, _options.MaxOverlap);
            LookAgain(frame);
        }

        HitMerger.Merge(_found, _options.MaxOverlap);
        return _found;
    }

    /// <summary>
    /// Looks at each hit in windows of its own. Faces come out at the size where the network is most exact; what was taken for a
    /// face in one tile by accident is not found in both.
    /// </summary>
    private void LookAgain(Frame frame)
    {
        var first = _found.ToArray();
        _found.Clear();
        foreach (var hit in first)
        {
            var start = _found.Count;
            var near = LookAgain(frame, hit, NearWindow);
            var far = near > 0 ? LookAgain(frame, hit, FarWindow) : 0;
            if (far == 0 || MathF.Max(near, far) < _options.MinScore)
                _found.RemoveRange(start, _found.Count - start);
        }
    }

    // The best score of a hit on the same face, which it adds; 0: there is none.
    private float LookAgain(Frame frame, in BlazeFaceHit first, float windowOverBox)
    {
        var (start, best) = (_found.Count, 0f);
        var side = Math.Max(1, (int)(windowOverBox * first.Size.X));
        var window = new Region((int)first.Centre.X - (side / 2), (int)first.Centre.Y - (side / 2), side, side);
        Search(frame, window, LesserShare * _options.MinScore);
        // The window shows neighbours too; they have their own.
        for (var i = _found.Count - 1; i >= start; i--)
        {
            if (_found[i].Box.Overlap(first.Box) <= _options.MaxOverlap)
                _found.RemoveAt(i);
            else
                best = MathF.Max(best, _found[i].Score);
        }

        return best;
    }

    private void SearchTiles(Frame frame, int side)
    {
        var (width, height) = (Math.Min(side, frame.Width), Math.Min(side, frame.Height));
        for (var y = 0; ; y = Math.Min(y + (height / 2), frame.Height - height))
        {
            for (var x = 0; ; x = Math.Min(x + (width / 2), frame.Width - width))
            {
                Search(frame, new Region(x, y, width, height), _options.MinScore);
                if (x + width >= frame.Width)
                    break;
            }

            if (y + height >= frame.Height)
                break;
        }
    }

    /// <summary>Adds the faces of a part of the picture, which may reach beyond it: what lies outside is black.</summary>
    private void Search(Frame frame, Region part, float minScore)
    {
        var scale = (float)InputSize / Math.Max(part.Width, part.Height);
        var visible = Overlap(part, new Region(0, 0, frame.Width, frame.Height));
        if (visible.Width <= 0 || visible.Height <= 0)
            return;
        var inner = Overlap(
            new Region(
                Math.Max(0, (int)MathF.Round(((InputSize - (part.Width * scale)) / 2) + ((visible.X - part.X) * scale))),
                Math.Max(0, (int)MathF.Round(((InputSize - (part.Height * scale)) / 2) + ((visible.Y - part.Y) * scale))),
                Math.Max(1, (int)MathF.Round(visible.Width * scale)),
                Math.Max(1, (int)MathF.Round(visible.Height * scale))
            ),
            new Region(0, 0, InputSize, InputSize)
        );
        Fit(frame, visible, inner);

        _hits.Clear();
        _network.Run(minScore, _hits);
        HitMerger.Merge(_hits, _options.MaxOverlap);
        var origin = new Vector2(visible.X - (inner.X / scale), visible.Y - (inner.Y / scale));
        foreach (var hit in _hits)
        {
            var mapped = hit.Mapped(origin, InputSize / scale);
            if (IsWhole(mapped.Box, part, frame))
                _found.Add(mapped);
        }
    }

    /// <summary>
    /// Writes the visible part into its place of the network's input, black around it; a picture that shrinks is averaged.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    private void Fit(Frame frame, Region visible, Region inner)
    {
        var isSmaller = inner.Width <= visible.Width && inner.Height <= visible.Height;
        if (isSmaller)
            _area.Open(frame, visible, inner.Width, inner.Height);
        else
            _linear.Open(frame, visible, inner.Width, inner.Height);
        _row.Ensure(InputSize + PlaneRow.Slack);
        var input = _network.Input;
        if (inner.Width < InputSize || inner.Height < InputSize)
            input.Fill(s_levels[0]);
        for (var y = 0; y < inner.Height; y++)
        {
            if (isSmaller)
                _area.Read(y, _row);
            else
                _linear.Read(y, _row, 0);
            for (var channel = 0; channel < 3; channel++)
            {
                var levels = _row[channel];
                var target = input.Slice((((channel * InputSize) + inner.Y + y) * InputSize) + inner.X, inner.Width);
                for (var x = 0; x < target.Length; x++)
                    target[x] = s_levels[levels[x]];
            }
        }
    }

    private static Region Overlap(Region one, Region other)
    {
        var (x, y) = (Math.Max(one.X, other.X), Math.Max(one.Y, other.Y));
        return new Region(
            x,
            y,
            Math.Min(one.X + one.Width, other.X + other.Width) - x,
            Math.Min(one.Y + one.Height, other.Y + other.Height) - y
        );
    }

    /// <summary>
    /// False for a face cut by an edge of a tile: with tiles overlapping by half, a neighbour or a larger tile holds it whole.
    /// </summary>
    private static bool IsWhole(in Box box, Region part, Frame frame) =>
        (part.X <= 0 || box.X >= part.X)
        && (part.Y <= 0 || box.Y >= part.Y)
        && (part.X + part.Width >= frame.Width || box.X + box.Width <= part.X + part.Width)
        && (part.Y + part.Height >= frame.Height || box.Y + box.Height <= part.Y + part.Height);
}
