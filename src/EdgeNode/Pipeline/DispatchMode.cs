namespace FaceLandmark.Pipeline;

/// <summary>Which engine a frame goes to.</summary>
internal enum DispatchMode
{
    /// <summary>The CPU engine.</summary>
    Cpu,

    /// <summary>The DRP-AI.</summary>
    Drpai,

    /// <summary>Whichever has less to do takes the next frame.</summary>
    Balance,

    /// <summary>Both get every frame; how far their landmarks are apart is published.</summary>
    Compare,

    /// <summary>The DRP-AI, and the CPU engine as soon as and as long as it fails or is too slow.</summary>
    Failover,
}
