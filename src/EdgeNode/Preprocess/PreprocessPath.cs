namespace FaceLandmark.Preprocess;

/// <summary>By what regions become tensors on the CPU.</summary>
internal enum PreprocessPath
{
    /// <summary>Vectors of our own: <see cref="CpuPreprocessor"/>.</summary>
    Own,

    /// <summary>OpenCV's chain: <see cref="OpenCvPreprocessor"/>.</summary>
    Opencv,

    /// <summary>The original application's way: <see cref="OriginalPreprocessor"/>.</summary>
    Original,
}
