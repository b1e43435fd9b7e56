namespace FaceLandmark.Preprocess;

/// <summary>The section <c>Preprocess</c>: from regions to tensors on the CPU.</summary>
internal sealed record PreprocessOptions
{
    /// <summary>By what. The other two are there to compare with, and need OpenCV's native library.</summary>
    public PreprocessPath Path { get; init; }
}
