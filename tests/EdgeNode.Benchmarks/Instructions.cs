using System.Globalization;
using System.Runtime.InteropServices;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// Our pre-processing between the marks by which a plugin of an emulator counts instructions (instructions/count.c): a stand-in for
/// times of processors that are not there. Regions are those of the verb bench.
/// </summary>
internal static partial class Instructions
{
    private const int BeginMark = -98001;
    private const int EndMark = -98002;
    private const int Calls = 10; // divided by the plugin's calls=10

    /// <summary>Writes a line a region; its number comes from the plugin.</summary>
    public static int Run()
    {
        var card = new ModelCard { Name = "m", File = "m" };
        using var pool = new FramePool();
        using var tensor = new FaceTensor(card.InputSize, 98);
        using var own = CpuPath.Open(card, PreprocessPath.Own);
        foreach (var layout in new[] { PixelLayout.Yuy2, PixelLayout.Bgr })
        {
            using var frame = pool.Rent(640, 480, layout);
            new Random(98).NextBytes(frame.Data);
            foreach (var region in PreprocessTrial.Regions)
            {
                Prepare(own, frame, region, tensor); // compiles what is not yet
                Console.Out.Write(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"own {layout} {region.Width}x{region.Height} at {region.X},{region.Y}, {region.Degrees}°: "
                    )
                );
                Console.Out.Flush();
                _ = Close(BeginMark);
                Prepare(own, frame, region, tensor);
                _ = Close(EndMark);
            }
        }

        return 0;
    }

    private static void Prepare(IPreprocessor preprocessor, Frame frame, Region region, FaceTensor tensor)
    {
        for (var call = 0; call < Calls; call++)
            preprocessor.Prepare(frame, region, tensor);
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
