namespace FaceLandmark.Benchmarks;

/// <summary>What a region of a frame costs to make a tensor of, medians in microseconds of one thread's processor time.</summary>
/// <param name="Region">Which.</param>
/// <param name="Ours">The program's own way.</param>
/// <param name="OpenCv">OpenCV's chain.</param>
/// <param name="Original">The original application's way.</param>
/// <param name="OverOpenCv">Median of the ratios OpenCV / ours, turn by turn.</param>
/// <param name="OverOriginal">Median of the ratios original / ours, turn by turn.</param>
internal sealed record PreprocessFigures(
    string Region,
    double Ours,
    double OpenCv,
    double Original,
    double OverOpenCv,
    double OverOriginal
);
