namespace FaceLandmark.Inference.Onnx;

/// <summary>The section <c>Engines:Onnx</c>: ONNX Runtime on the CPU.</summary>
internal sealed record OnnxOptions
{
    /// <summary>Threads of one inference; 0: as many as a node's first start finds best (<see cref="ThreadCalibration"/>); 0 to
    /// 256.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether the threads of an inference wait for each other by spinning for a moment before they sleep, which is faster on an idle
    /// machine and takes more processor time; between inferences they sleep. With <see cref="Threads"/> 0 that is found out, too.
    /// </summary>
    public bool Spin { get; init; } = true;

    /// <summary>Whether threads that spin go on until there is work. No setting: it shows whether they have the processors to
    /// themselves.</summary>
    internal bool SpinsOn { get; init; }

    /// <summary>
    /// Faces that are inferred at once, each of another frame, each by <see cref="Threads"/> threads; 0: one, and with several cameras or
    /// a file (and <see cref="Threads"/> 0) as many as there are frames ready, one of a camera and two of a file, or processors, whichever
    /// are fewer; 0 to 64.
    /// </summary>
    public int AtOnce { get; init; }

    /// <summary>Graph optimisation by ONNX Runtime.</summary>
    public OnnxOptimization Optimization { get; init; } = OnnxOptimization.All;

    /// <summary>These settings for so many faces at once, each on its share of the processors: by threads that never wait for each
    /// other.</summary>
    public OnnxOptions SideBySide(int faces, int processors) =>
        this with
        {
            AtOnce = faces,
            Threads = Math.Max(1, processors / faces),
            Spin = false,
        };
}
