namespace FaceLandmark.Inference.Onnx;

/// <summary>How far ONNX Runtime rewrites a graph.</summary>
internal enum OnnxOptimization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Without changing the kernels.</summary>
    Basic,

    /// <summary>With fused kernels.</summary>
    Extended,

    /// <summary>With layouts for this processor too.</summary>
    All,
}
