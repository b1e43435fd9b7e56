using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;
using OpenCvSharp;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// What a region of a frame costs to make a tensor of by each path, one thread: ours, OpenCV's, the original's. The paths take turns.
/// </summary>
internal static class PreprocessTrial
{
    private const int WarmTurns = 2;
    private const int Calls = 10;
    private const int OriginalCalls = 1;

    /// <summary>Regions of a frame of 640x480.</summary>
    public static IReadOnlyList<Region> Regions { get; } =
    [
        new(180, 140, 200, 200),
        new(120, 80, 300, 300),
        new(100, 40, 400, 400),
        new(180, 140, 200, 200, 35),
        new(120, 80, 300, 300, 35),
        new(100, 40, 400, 400, -50),
        new(-60, -40, 300, 300),
        new(0, 0, 640, 480),
    ];

    /// <summary>Measures all regions of a YUY2 frame of the film and of a BGR frame.</summary>
    /// <returns>One row a region; none where OpenCV's native library is missing.</returns>
    public static IReadOnlyList<PreprocessFigures> Run(TrialRequest request)
    {
        if (CpuPath.Refusal(PreprocessPath.Opencv) is not null)
            return [];
        var card = new ModelCard { Name = "m", File = "m" };
        using var film = new FilmFile(request.Film);
        using var pool = new FramePool();
        using var yuy2 = film.Read(0, pool);
        using var bgr = pool.Rent(yuy2.Width, yuy2.Height, PixelLayout.Bgr);
        new Random(98).NextBytes(bgr.Data);
        using var tensor = new FaceTensor(card.InputSize, 98);
        using var own = CpuPath.Open(card, PreprocessPath.Own);
        using var openCv = CpuPath.Open(card, PreprocessPath.Opencv);
        using var original = CpuPath.Open(card, PreprocessPath.Original);
        Cv2.SetNumThreads(1);
        var rows = new List<PreprocessFigures>();
        foreach (var frame in new[] { yuy2, bgr })
        {
            foreach (var region in Regions)
            {
                List<double> ours = [],
                    theirs = [],
                    originals = [];
                for (var turn = -WarmTurns; turn < request.Calls; turn++)
                {
                    var times = (Time(own, Calls), Time(openCv, Calls), Time(original, OriginalCalls));
                    if (turn < 0)
                        continue;
                    ours.Add(times.Item1);
                    theirs.Add(times.Item2);
                    originals.Add(times.Item3);
                }

                rows.Add(
                    new PreprocessFigures(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{frame.Layout} {region.Width}x{region.Height} at {region.X},{region.Y}, {region.Degrees}°"
                        ),
                        Spread.MedianOf(ours),
                        Spread.MedianOf(theirs),
                        Spread.MedianOf(originals),
                        Spread.MedianOf(theirs.Zip(ours, (slow, fast) => slow / fast)),
                        Spread.MedianOf(originals.Zip(ours, (slow, fast) => slow / fast))
                    )
                );

                double Time(IPreprocessor path, int calls)
                {
                    var began = LinuxClock.ThreadMilliseconds();
                    for (var call = 0; call < calls; call++)
                        path.Prepare(frame, region, tensor);
                    return (LinuxClock.ThreadMilliseconds() - began) * 1000 / calls;
                }
            }
        }

        return rows;
    }
}
