using System.Numerics;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using OpenCvSharp;

namespace FaceLandmark.Locate;

/// <summary>
/// Faces by BlazeFace on ONNX Runtime: the 128-pixel "front" or the 256-pixel "back" network. The frame is fitted into the square
/// input with black bars. A still picture is searched in overlapping tiles of halving size too, which finds the small faces of a
/// group; a moving one only as a whole, which takes a few milliseconds.
/// </summary>
internal sealed class BlazeFaceDetector : IFaceDetector
{
    // Sides of the windows of a second look over the face's: faces of a third of the input were placed better than those of a sixth or of
    // 0.6.
    private const float NearWindow = 2.2f;
    private const float FarWindow = 3.5f;

    /// <summary>
    /// A hit in a whole still is worth a second look from this share of the least score: faces that fill the picture score low at first.
    /// </summary>
    private const float SuspectShare = 0.5f;

    private readonly LocateOptions _options;
    private readonly Lock _gate = new();
    private readonly BlazeFaceNetwork _network;
    private readonly List<BlazeFaceHit> _hits = [];
    private readonly List<BlazeFaceHit> _found = [];
    private readonly Mat _bgr = new();
    private readonly Mat _fitted = new();
    private readonly Mat _rgb = new();

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
        {
            _network.Dispose();
            _bgr.Dispose();
            _fitted.Dispose();
            _rgb.Dispose();
        }
    }

    /// <summary>The network's own answers in pixels of the frame, merged; valid until the next call.</summary>
    internal List<BlazeFaceHit> Hits(Frame frame)
    {
        _found.Clear();
        using var picture = Picture(frame);
        Search(picture, new Rect(0, 0, frame.Width, frame.Height), frame.IsStill ? SuspectShare * _options.MinScore : _options.MinScore);
        if (frame.IsStill)
        {
            for (var side = Math.Max(frame.Width, frame.Height) / 2; side >= InputSize; side /= 2)
                SearchTiles(picture, side);
            HitMerger.Merge(_found, _options.MaxOverlap);
            LookAgain(picture);
        }

        HitMerger.Merge(_found, _options.MaxOverlap);
        return _found;
    }

    /// <summary>
    /// Looks at each hit in windows of its own. Faces come out at the size where the network is most exact; what was taken for a
    /// face in one tile by accident is not found in both.
    /// </summary>
    private void LookAgain(Mat picture)
    {
        var first = _found.ToArray();
        _found.Clear();
        foreach (var hit in first)
        {
            var start = _found.Count;
            if (!(LookAgain(picture, hit, NearWindow) && LookAgain(picture, hit, FarWindow)))
                _found.RemoveRange(start, _found.Count - start);
        }
    }

    private bool LookAgain(Mat picture, in BlazeFaceHit first, float windowOverBox)
    {
        var start = _found.Count;
        var side = Math.Max(1, (int)(windowOverBox * first.Size.X));
        Search(picture, new Rect((int)first.Centre.X - (side / 2), (int)first.Centre.Y - (side / 2), side, side), _options.MinScore);
        // The window shows neighbours too; they have their own.
        for (var i = _found.Count - 1; i >= start; i--)
        {
            if (_found[i].Box.Overlap(first.Box) <= _options.MaxOverlap)
                _found.RemoveAt(i);
        }

        return _found.Count > start;
    }

    private void SearchTiles(Mat picture, int side)
    {
        var (width, height) = (Math.Min(side, picture.Width), Math.Min(side, picture.Height));
        for (var y = 0; ; y = Math.Min(y + (height / 2), picture.Height - height))
        {
            for (var x = 0; ; x = Math.Min(x + (width / 2), picture.Width - width))
            {
                Search(picture, new Rect(x, y, width, height), _options.MinScore);
                if (x + width >= picture.Width)
                    break;
            }

            if (y + height >= picture.Height)
                break;
        }
    }

    /// <summary>Adds the faces of a part of the picture, which may reach beyond it: what lies outside is black.</summary>
    private void Search(Mat picture, Rect part, float minScore)
    {
        var scale = (float)InputSize / Math.Max(part.Width, part.Height);
        var visible = part.Intersect(new Rect(0, 0, picture.Width, picture.Height));
        if (visible.Width <= 0 || visible.Height <= 0)
            return;
        var inner = new Rect(
            Math.Max(0, (int)MathF.Round(((InputSize - (part.Width * scale)) / 2) + ((visible.X - part.X) * scale))),
            Math.Max(0, (int)MathF.Round(((InputSize - (part.Height * scale)) / 2) + ((visible.Y - part.Y) * scale))),
            Math.Max(1, (int)MathF.Round(visible.Width * scale)),
            Math.Max(1, (int)MathF.Round(visible.Height * scale))
        ).Intersect(new Rect(0, 0, InputSize, InputSize));
        using (var source = new Mat(picture, visible))
            Cv2.Resize(source, _fitted, inner.Size, 0, 0, scale < 1 ? InterpolationFlags.Area : InterpolationFlags.Linear);
        Cv2.CvtColor(_fitted, _rgb, ColorConversionCodes.BGR2RGB);
        using (var input = Mat.FromPixelData(InputSize, InputSize, MatType.CV_32FC3, _network.InputAddress))
        using (var target = new Mat(input, inner))
        {
            if (inner.Width < InputSize || inner.Height < InputSize)
                input.SetTo(Scalar.All(-1));
            _rgb.ConvertTo(target, MatType.CV_32FC3, 1 / 127.5, -1);
        }

        _hits.Clear();
        _network.Run(minScore, _hits);
        HitMerger.Merge(_hits, _options.MaxOverlap);
        var origin = new Vector2(visible.X - (inner.X / scale), visible.Y - (inner.Y / scale));
        foreach (var hit in _hits)
        {
            var mapped = hit.Mapped(origin, InputSize / scale);
            if (IsWhole(mapped.Box, part, picture))
                _found.Add(mapped);
        }
    }

    /// <summary>
    /// False for a face cut by an edge of a tile: with tiles overlapping by half, a neighbour or a larger tile holds it whole.
    /// </summary>
    private static bool IsWhole(in Box box, Rect part, Mat picture) =>
        (part.Left <= 0 || box.X >= part.Left)
        && (part.Top <= 0 || box.Y >= part.Top)
        && (part.Right >= picture.Width || box.X + box.Width <= part.Right)
        && (part.Bottom >= picture.Height || box.Y + box.Height <= part.Bottom);

    private Mat Picture(Frame frame)
    {
        if (frame.Layout == PixelLayout.Bgr)
            return Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address, frame.Stride);
        using var raw = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC2, frame.Address, frame.Stride);
        Cv2.CvtColor(raw, _bgr, ColorConversionCodes.YUV2BGR_YUY2);
        return new Mat(_bgr, new Rect(0, 0, frame.Width, frame.Height));
    }
}
