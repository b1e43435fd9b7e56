namespace FaceLandmark.Diagnostics;

/// <summary>Why something was dropped. The words of <c>stats</c>, of the report and of metric tags are these names in camel case.</summary>
internal enum DropReason
{
    /// <summary>The driver had no room for it, or never got it.</summary>
    DriverLost,

    /// <summary>It came incomplete, garbled, or marked so by the driver.</summary>
    Damaged,

    /// <summary>A newer live frame took the place.</summary>
    NewerFrame,

    /// <summary>The node was stopping.</summary>
    Stopping,

    /// <summary>The engine refused or failed.</summary>
    EngineFault,

    /// <summary>The engine gave NaN or infinity.</summary>
    InvalidOutput,

    /// <summary>No broker connection.</summary>
    Offline,

    /// <summary>The queue to the broker was full.</summary>
    QueueFull,

    /// <summary>The disk refused.</summary>
    DiskFault,

    /// <summary>The encoder was still at work on the one before.</summary>
    Busy,

    /// <summary>The broker refused it.</summary>
    Refused,

    /// <summary>Larger than the broker accepts.</summary>
    TooLarge,
}
