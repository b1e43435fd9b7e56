using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using OpenCvSharp;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// How still the points of a still face hold, and how late those of a moving one come, raw and smoothed: films of faces of the demo
/// photographs go through detector, tracker, network and smoothing as the frames of a camera do.
/// </summary>
internal static class Steadiness
{
    private const int Frames = 180;
    private const int Settled = 30;
    private const int MostFaces = 4;

    private static readonly (string Name, Func<double, FacePlace> Motion)[] s_motions =
    [
        ("still", _ => new FacePlace(0, 0)),
        ("slow", t => new FacePlace(40 * Wave(t, 4), 15 * Wave(t, 3))),
        ("fast", t => new FacePlace(150 * Wave(t, 2), 0)),
        ("start and stop", t => new FacePlace(Math.Clamp(8 * (Math.Abs((t % 80) - 40) - 10), 0, 160) - 80)),
        ("nearer and turning", t => new FacePlace(20 * Wave(t, 5), 0, 1 + (0.25 * Wave(t, 3)), 15 * Wave(t, 4))),
    ];

    public static int Run()
    {
        var options = new ConfigurationSources(Settings: new Dictionary<string, string?> { ["Locate:MaxFaces"] = "1" }).Load();
        using var lane = EngineFactory.OpenLane(new ModelCatalogue(options.Models).Default(), options.Engines, TimeProvider.System);
        using var detector = new BlazeFaceDetector(options.Locate);
        var faces = Faces(detector);
        Console.WriteLine(
            $"{lane.Info.Model.Name}, {faces.Count} faces of {FaceFilm.Side} pixels, {Frames} frames at {FaceFilm.Rate} a second"
        );
        Console.WriteLine($"{"",-20}{"jitter raw",12}{"smoothed",10}{"lag raw",12}{"smoothed",10}{"tracks",8}");
        foreach (var (name, motion) in s_motions)
        {
            List<(double Jitter, double Lag)> raw = [],
                smooth = [];
            var tracks = 0;
            foreach (var (photograph, centre, side) in faces)
            {
                using var film = new FaceFilm(photograph, centre, side, motion);
                var shown = new FilmRun(options, lane, detector).Play(film, Frames);
                tracks = Math.Max(tracks, shown.Tracks);
                raw.Add(Measure(film, shown.Raw));
                smooth.Add(Measure(film, shown.Smooth));
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-20}{Rms(raw),9:f3} px{Rms(smooth),7:f3} px{raw.Average(r => r.Lag),9:f2} fr{smooth.Average(r => r.Lag),7:f2} "
                        + $"fr{tracks,8}"
                )
            );
        }

        foreach (var photograph in faces.Select(face => face.Photograph).Distinct())
            photograph.Dispose();
        return 0;
    }

    private static double Wave(double frame, double seconds) => Math.Sin(2 * Math.PI * frame / (FaceFilm.Rate * seconds));

    private static double Rms(IEnumerable<(double Jitter, double Lag)> runs) => Math.Sqrt(runs.Average(run => run.Jitter * run.Jitter));

    /// <summary>The largest faces of the demo photographs.</summary>
    private static List<(Mat Photograph, Point2d Centre, double Side)> Faces(BlazeFaceDetector detector)
    {
        using var pool = new FramePool();
        var faces = new List<(Mat Photograph, Point2d Centre, double Side)>();
        var folder = Path.Combine(AppContext.BaseDirectory, "assets", "demo");
        foreach (var path in Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal))
        {
            var photograph = Cv2.ImRead(path);
            using var frame = MatToFrame.Copy(photograph, pool, PixelLayout.Bgr);
            frame.IsStill = true;
            foreach (var (box, _) in detector.Detect(frame))
                faces.Add((photograph, new Point2d(box.X + (box.Width / 2), box.Y + (box.Height / 2)), box.Height));
        }

        return [.. faces.OrderByDescending(face => face.Side).Take(MostFaces)];
    }

    /// <summary>
    /// The delay in frames that explains the points best, and the root mean square distance of a coordinate from where it then belongs,
    /// pixels.
    /// </summary>
    private static (double Jitter, double Lag) Measure(FaceFilm film, List<float[]?> shown)
    {
        // What the network takes for the points of this face: the mean of the frames, each laid back onto the photograph.
        var frames = Enumerable.Range(Settled, shown.Count - Settled).Where(t => shown[t] is not null).ToList();
        var best = (Square: double.MaxValue, Lag: 0.0);
        var stands = film.Map(0).SequenceEqual(film.Map(10)) && film.Map(0).SequenceEqual(film.Map(17));
        for (var step = stands ? 0 : -20; step <= (stands ? 0 : 60); step++)
        {
            var lag = step / 20.0;
            var sums = new double[shown[frames[0]]!.Length];
            foreach (var t in frames)
                Add(sums, Back(film.Map(t - lag), shown[t]!), 1.0 / frames.Count);
            var square = frames.Average(t => Square(film.Map(t - lag), sums, shown[t]!));
            if (square < best.Square)
                best = (square, lag);
        }

        return (Math.Sqrt(best.Square), best.Lag);
    }

    private static void Add(double[] sums, double[] values, double weight)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += weight * values[i];
    }

    private static double[] Back(double[] m, float[] points)
    {
        var determinant = (m[0] * m[4]) - (m[1] * m[3]);
        var back = new double[points.Length];
        for (var i = 0; i < points.Length; i += 2)
        {
            var (x, y) = (points[i] - m[2], points[i + 1] - m[5]);
            back[i] = ((m[4] * x) - (m[1] * y)) / determinant;
            back[i + 1] = ((m[0] * y) - (m[3] * x)) / determinant;
        }

        return back;
    }

    private static double Square(double[] m, double[] face, float[] points)
    {
        var sum = 0.0;
        for (var i = 0; i < points.Length; i += 2)
        {
            var (x, y) = ((m[0] * face[i]) + (m[1] * face[i + 1]) + m[2], (m[3] * face[i]) + (m[4] * face[i + 1]) + m[5]);
            sum += ((x - points[i]) * (x - points[i])) + ((y - points[i + 1]) * (y - points[i + 1]));
        }

        return sum / points.Length;
    }
}
