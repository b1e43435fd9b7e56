using BenchmarkDotNet.Attributes;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;
using OpenCvSharp;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// What a region of a YUY2 frame costs to make a tensor of, and what it costs in the original application's way, element by element.
/// </summary>
[MemoryDiagnoser]
public class PreprocessBenchmark : IDisposable
{
    private static readonly ModelCard s_card = new() { Name = "m", File = "m" };
    private readonly FramePool _pool = new();
    private readonly CpuPreprocessor _preprocessor = new(s_card);
    private readonly FaceTensor _tensor = new(256, 98);
    private readonly Frame _frame;
    private readonly Region _region = new(120, 80, 300, 300);

    /// <summary>Takes a frame of the demo.</summary>
    public PreprocessBenchmark() => _frame = DemoFrames.First(_pool);

    /// <summary>The production path.</summary>
    [Benchmark(Baseline = true)]
    public void OpenCv() => _preprocessor.Prepare(_frame, _region, _tensor);

    /// <summary>Conversion and resize by OpenCV on the whole frame, then one value after the other into a growing list.</summary>
    [Benchmark]
    public int ElementByElement()
    {
        using var raw = Mat.FromPixelData(_frame.Height, _frame.Width, MatType.CV_8UC2, _frame.Address);
        using var rgb = new Mat();
        using var resized = new Mat();
        Cv2.CvtColor(raw, rgb, ColorConversionCodes.YUV2RGB_YUY2);
        Cv2.Resize(rgb, resized, new Size(256, 256));
        var values = new List<float>();
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < 256; y++)
            {
                for (var x = 0; x < 256; x++)
                    values.Add(((resized.At<Vec3b>(y, x)[channel] / 255f) - s_card.Mean[channel]) / s_card.Std[channel]);
            }
        }

        return values.Count;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _frame.Dispose();
        _tensor.Dispose();
        _preprocessor.Dispose();
        _pool.Dispose();
        GC.SuppressFinalize(this);
    }
}
