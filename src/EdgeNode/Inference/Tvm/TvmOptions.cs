namespace FaceLandmark.Inference.Tvm;

/// <summary>The section <c>Engines:Tvm</c>: TVM model objects on the CPU.</summary>
internal sealed record TvmOptions
{
    /// <summary>
    /// Path of <c>libtvm_runtime.so</c> (Apache TVM 0.8 to 0.18) or <c>libdrp_tvm_rt.so</c>; empty: the environment's
    /// <c>FACELANDMARK_TVM_LIBRARY</c>, else beside the program, else where the system looks for libraries.
    /// </summary>
    public string Library { get; init; } = "";

    /// <summary>Threads of one inference; 0: <c>TVM_NUM_THREADS</c>, else what TVM counts as physical cores; 0 to 256.</summary>
    public int Threads { get; init; }
}
