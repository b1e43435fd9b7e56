namespace FaceLandmark.Inference.DrpAi;

/// <summary>Which DRP-AI.</summary>
internal enum DrpAiDevice
{
    /// <summary>The board's, if it has one; never an imitation.</summary>
    Auto,

    /// <summary>The board's; the node does not start without.</summary>
    Hardware,

    /// <summary>An imitation on the CPU with the DRP-AI's roundings; every result says so.</summary>
    Emulated,
}
