namespace FaceLandmark.Pipeline;

/// <summary>Which engine a frame goes to.</summary>
internal enum DispatchMode
{
    /// <summary>The CPU engine.</summary>
    Cpu,

    /// <summary>The DRP-AI.</summary>
    Drpai,

    /// <summary>The inference server.</summary>
    Remote,

    /// <summary>Each frame goes to the engine that will have done it first; all that are fast enough work at once.</summary>
    Balance,

    /// <summary>Two get every frame; how far their landmarks are apart is published.</summary>
    Compare,

    /// <summary>
    /// The first of <see cref="DispatchOptions.Prefer"/>, and the next as soon as and as long as it fails or is too slow.
    /// </summary>
    Failover,
}
