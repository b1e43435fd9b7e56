using FaceLandmark.Inference.DrpAi;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Inference.Remote;
using FaceLandmark.Inference.Tvm;

namespace FaceLandmark.Inference;

/// <summary>The section <c>Engines</c>: one subsection an engine.</summary>
internal sealed record EnginesOptions
{
    /// <summary>ONNX Runtime on the CPU.</summary>
    public OnnxOptions Onnx { get; init; } = new();

    /// <summary>The DRP-AI.</summary>
    public DrpAiOptions DrpAi { get; init; } = new();

    /// <summary>Inference servers.</summary>
    public RemoteOptions Remote { get; init; } = new();

    /// <summary>TVM model objects on the CPU.</summary>
    public TvmOptions Tvm { get; init; } = new();
}
