using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Publish;
using SkiaSharp;

namespace FaceLandmark.Plots;

/// <summary>Small pictures of the faces that were seen longest: from the previews of a recording, or from the film.</summary>
internal sealed class FaceThumbnails
{
    /// <summary>Faces of a camera that have one.</summary>
    public const int MostFaces = 12;

    // Pixels of the side; the box of the points is enlarged so that hair and chin are within.
    private const int Side = 160;
    private const float Enlargement = 1.7f;
    private const int Quality = 80;
    private const int QualityOfFrames = 95;

    // Larger pictures give no thumbnails: a small file may announce a large picture.
    private const long MostPixels = 64_000_000;

    private readonly Dictionary<(string Camera, FaceKey Face), (double Worth, byte[] Jpeg)> _pictures = [];
    private readonly Dictionary<string, HashSet<FaceKey>> _wanted = new(StringComparer.Ordinal);

    /// <summary>The picture of a face as a JPEG; null: there is none.</summary>
    public byte[]? Of(CameraSurvey camera, FaceKey face)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return _pictures.TryGetValue((camera.Topic, face), out var found) ? found.Jpeg : null;
    }

    /// <summary>Takes faces out of a preview, where it shows them better than those before.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="frame">The frame before the preview.</param>
    /// <param name="jpeg">The preview.</param>
    public void TakePreview(CameraSurvey camera, SeenFrame frame, ReadOnlyMemory<byte> jpeg)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(frame);
        var better = frame
            .Faces.Select(face => (Key: camera.KeyOf(frame.Session, face.Id), View: BestView.Of(face, frame)))
            .Where(face => IsWanted(camera, face.Key) && IsBetter(camera, face.Key, face.View.Worth))
            .ToList();
        if (better.Count == 0 || Decode(jpeg) is not { } picture)
            return;
        using (picture)
        {
            foreach (var (key, view) in better)
                Add(camera, key, view, picture);
        }
    }

    /// <summary>Takes faces out of the film that they come from.</summary>
    /// <param name="camera">The film's messages or rows.</param>
    /// <param name="path">The film.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SourceException">The film cannot be read.</exception>
    public void TakeFilm(CameraSurvey camera, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(camera);
        var frames = camera.Faces.Take(MostFaces).ToLookup(face => face.Best.Sequence);
        var last = frames.Select(frame => frame.Key).DefaultIfEmpty(0).Max();
        using var source = new VideoFileSource(path, loop: false);
        using var pool = new FramePool();
        using var whole = new FramePicture();
        for (var number = 1L; number <= last; number++)
        {
            using var frame = source.Read(pool, cancellationToken);
            if (frame is null)
                return;
            if (!frames.Contains(number))
                continue;
            whole.Take(frame);
            using var picture = Decode(whole.ToJpeg(QualityOfFrames));
            foreach (var face in picture is null ? [] : frames[number])
                Add(camera, face.Key, face.Best, picture!);
        }
    }

    private static SKBitmap? Decode(ReadOnlyMemory<byte> jpeg)
    {
        using var data = SKData.CreateCopy(jpeg.Span);
        using var codec = SKCodec.Create(data);
        return codec is not null && (long)codec.Info.Width * codec.Info.Height is > 0 and <= MostPixels ? SKBitmap.Decode(codec) : null;
    }

    private bool IsWanted(CameraSurvey camera, FaceKey face)
    {
        if (!_wanted.TryGetValue(camera.Topic, out var faces))
            _wanted.Add(camera.Topic, faces = [.. camera.Faces.Take(MostFaces).Select(one => one.Key)]);
        return faces.Contains(face);
    }

    private bool IsBetter(CameraSurvey camera, FaceKey face, double worth) =>
        worth > 0 && (!_pictures.TryGetValue((camera.Topic, face), out var before) || worth > before.Worth);

    private void Add(CameraSurvey camera, FaceKey key, BestView view, SKBitmap picture)
    {
        // A preview may be smaller than its frame; rows of a film do not say how large a frame was, and have pixels of the film.
        var scale = view.Size.Width > 0 ? (float)picture.Width / view.Size.Width : 1;
        var jpeg = Crop(picture, view.Box, scale);
        if (jpeg is not null)
            _pictures[(camera.Topic, key)] = (view.Worth, jpeg);
    }

    private static byte[]? Crop(SKBitmap picture, Box box, float scale)
    {
        var side = Enlargement * Math.Max(box.Width, box.Height) * scale;
        var (x, y) = ((box.X + (box.Width / 2)) * scale, (box.Y + (box.Height / 2)) * scale);
        if (!(side >= 4 && side < 1e6f && x > 0 && y > 0 && x < picture.Width && y < picture.Height))
            return null;
        using var crop = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(crop))
        using (var image = SKImage.FromBitmap(picture))
        {
            canvas.Clear(SKColors.Gray);
            canvas.DrawImage(
                image,
                SKRect.Create(x - (side / 2), y - (side / 2), side, side),
                SKRect.Create(0, 0, Side, Side),
                new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
            );
        }

        using var data = crop.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
