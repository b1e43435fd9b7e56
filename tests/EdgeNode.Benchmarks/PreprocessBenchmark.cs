using BenchmarkDotNet.Attributes;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// What a region of a YUY2 frame costs to make a tensor of, by each path.
/// </summary>
[MemoryDiagnoser]
public class PreprocessBenchmark : IDisposable
{
    private static readonly ModelCard s_card = new() { Name = "m", File = "m" };
    private readonly FramePool _pool = new();
    private readonly CpuPreprocessor _preprocessor = new(s_card);
    private readonly FaceTensor _tensor = new(256, 98);
    private readonly Frame _frame;
    private readonly OpenCvPreprocessor _openCv = new(s_card);
    private readonly OriginalPreprocessor _original = new(s_card);

    /// <summary>How far the region is turned.</summary>
    [Params(0, 35)]
    public float Degrees { get; set; }

    /// <summary>Takes a frame of the demo.</summary>
    public PreprocessBenchmark() => _frame = DemoFrames.First(_pool);

    /// <summary>OpenCV's chain.</summary>
    [Benchmark(Baseline = true)]
    public void OpenCv() => _openCv.Prepare(_frame, Region(), _tensor);

    /// <summary>The production path.</summary>
    [Benchmark]
    public void Ours() => _preprocessor.Prepare(_frame, Region(), _tensor);

    /// <summary>The original application's.</summary>
    [Benchmark]
    public void Original() => _original.Prepare(_frame, Region(), _tensor);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _frame.Dispose();
        _tensor.Dispose();
        _preprocessor.Dispose();
        _openCv.Dispose();
        _original.Dispose();
        _pool.Dispose();
        GC.SuppressFinalize(this);
    }

    private Region Region() => new(120, 80, 300, 300, Degrees);
}
