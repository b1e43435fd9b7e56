using System.Globalization;
using System.Runtime.InteropServices;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// What a region of a frame costs to make a tensor of by each path, one thread: ours, OpenCV's, the original's. Measured is the
/// thread's time on the processor, which does not count what others take of it; the paths take turns, and the ratios are medians over
/// the turns.
/// </summary>
internal static partial class PreprocessTurns
{
    private const int Turns = 15;
    private const int Calls = 20;

    private static readonly Region[] s_regions =
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

    public static int Run()
    {
        var card = new ModelCard { Name = "m", File = "m" };
        using var pool = new FramePool();
        using var yuy2 = DemoFrames.First(pool);
        using var bgr = pool.Rent(yuy2.Width, yuy2.Height, PixelLayout.Bgr);
        new Random(98).NextBytes(bgr.Data);
        using var tensor = new FaceTensor(card.InputSize, 98);
        using var own = new CpuPreprocessor(card);
        using var openCv = new OpenCvPreprocessor(card);
        using var original = new OriginalPreprocessor(card);
        OpenCvSharp.Cv2.SetNumThreads(1);
        Console.WriteLine($"{"region",-34}{"ours",10}{"OpenCV",10}{"original",11}   OpenCV/ours  original/ours");
        foreach (var frame in new[] { yuy2, bgr })
        {
            foreach (var region in s_regions)
            {
                List<double> ours = [],
                    theirs = [],
                    originals = [];
                for (var turn = 0; turn < Turns + 3; turn++)
                {
                    var times = (Time(own, Calls), Time(openCv, Calls), Time(original, Calls / 10));
                    if (turn < 3)
                        continue;
                    ours.Add(times.Item1);
                    theirs.Add(times.Item2);
                    originals.Add(times.Item3);
                }

                var name = $"{frame.Layout} {region.Width}x{region.Height} at {region.X},{region.Y}, {region.Degrees}°";
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name,-34}{Median(ours),7:f0} µs{Median(theirs),7:f0} µs{Median(originals),8:f0} µs"
                            + $"{Ratio(theirs),14:f2}{Ratio(originals),15:f1}"
                    )
                );

                double Ratio(List<double> slower) => Median([.. slower.Zip(ours, (slow, fast) => slow / fast)]);

                double Time(IPreprocessor path, int calls)
                {
                    var began = ProcessorMicroseconds();
                    for (var call = 0; call < calls; call++)
                        path.Prepare(frame, region, tensor);
                    return (ProcessorMicroseconds() - began) / calls;
                }
            }
        }

        return 0;
    }

    private static double ProcessorMicroseconds()
    {
        const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID
        return GetTime(ThreadTime, out var time) == 0
            ? (time.Seconds * 1e6) + (time.Nanoseconds / 1e3)
            : throw new InvalidOperationException("The system does not tell the time of a thread.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
