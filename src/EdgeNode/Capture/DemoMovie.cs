namespace FaceLandmark.Capture;

/// <summary>
/// Photographs turned into a moving picture: one shot of six seconds each, cut after cut, for ever. What frame k shows depends on k alone.
/// Faces of group photographs lie above the middle, so the shots go between the whole photograph and its upper middle.
/// </summary>
internal sealed class DemoMovie
{
    private const double SecondsAShot = 6;

    // Zoom in; move to the right; zoom out. Centre as a fraction of the photograph, size as a fraction of the largest view that fits.
    private static readonly (View From, View To)[] s_shots =
    [
        (new(0.50, 0.50, 1.00), new(0.42, 0.34, 0.60)),
        (new(0.34, 0.36, 0.66), new(0.66, 0.36, 0.66)),
        (new(0.58, 0.36, 0.60), new(0.50, 0.50, 1.00)),
    ];

    private readonly int _width;
    private readonly int _height;
    private readonly double _framesAShot;
    private readonly IReadOnlyList<string> _files;
    private readonly Task<DemoPhotograph>?[] _photographs;

    /// <summary>Finds the photographs (<c>*.jpg</c>) of a folder. Each is loaded while the one before it is shown.</summary>
    /// <exception cref="SourceException">There are none.</exception>
    public DemoMovie(string folder, int width, int height, double fps)
    {
        (_width, _height) = (width, height);
        _framesAShot = SecondsAShot * fps;
        _files = Directory.Exists(folder) ? PictureReader.List(folder) : [];
        if (_files.Count == 0)
            throw new SourceException(
                $"The photographs of the demo are missing from '{folder}'; run ./run.sh, which fetches them, or name another Source."
            );
        _photographs = new Task<DemoPhotograph>?[_files.Count];
    }

    /// <summary>Makes frame <paramref name="index"/> (0, 1, 2, ...) as YUY2; the caller owns it. One thread at a time.</summary>
    /// <exception cref="SourceException">Its photograph is damaged.</exception>
    public Frame Render(long index, FramePool pool)
    {
        var (shot, progress) = Math.DivRem(index, (long)Math.Max(1, _framesAShot));
        var photograph = Photograph(shot).GetAwaiter().GetResult();
        if (progress > 0) // the very first frame is waited for
            _ = Photograph(shot + 1);
        // With a number of photographs that three divides, each would otherwise always move the same way.
        var (from, to) = s_shots[(shot + (shot / _photographs.Length)) % s_shots.Length];
        var view = View.Between(from, to, progress / _framesAShot);

        var scale = view.Size * Math.Min((double)photograph.Width / _width, (double)photograph.Height / _height);
        var frame = pool.Rent(_width, _height, PixelLayout.Yuy2);
        photograph.Show(
            Corner(view.X, photograph.Width, scale * _width),
            Corner(view.Y, photograph.Height, scale * _height),
            scale,
            frame
        );
        return frame;
    }

    private Task<DemoPhotograph> Photograph(long shot)
    {
        var number = (int)(shot % _files.Count);
        return _photographs[number] ??= Task.Run(() =>
        {
            using var pool = new FramePool();
            // A little larger than the frame, so that the closest view is nearly sharp.
            using var picture = PictureFile.Decode(_files[number], pool, new PicturesOptions(), _height * 5 / 4);
            return new DemoPhotograph(picture);
        });
    }

    // Where a view of this extent begins, kept inside the photograph.
    private static double Corner(double centre, int whole, double extent) =>
        Math.Clamp((centre * whole) - (extent / 2), 0, Math.Max(0, whole - extent));

    private readonly record struct View(double X, double Y, double Size)
    {
        /// <summary>Eased in and out (3t² − 2t³), so that a shot begins and ends at rest.</summary>
        public static View Between(View from, View to, double t)
        {
            var s = t * t * (3 - (2 * t));
            return new View(from.X + (s * (to.X - from.X)), from.Y + (s * (to.Y - from.Y)), from.Size + (s * (to.Size - from.Size)));
        }
    }
}
