namespace FaceLandmark.Inference.Onnx;

/// <summary>The section <c>Engines:Onnx</c>: ONNX Runtime on the CPU.</summary>
internal sealed record OnnxOptions
{
    /// <summary>Threads of one inference; 0: one a physical core; 0 to 256.</summary>
    public int Threads { get; init; }

    /// <summary>Graph optimisation by ONNX Runtime.</summary>
    public OnnxOptimization Optimization { get; init; } = OnnxOptimization.All;
}
