namespace FaceLandmark.Diagnostics;

/// <summary>Places and reasons of drops, as they appear in <c>stats</c>, in the report and as metric tags.</summary>
public static class DropReason
{
    /// <summary>Place: between the camera and the pipeline.</summary>
    public const string Gate = "gate";

    /// <summary>Place: the engine.</summary>
    public const string Infer = "infer";

    /// <summary>Place: the MQTT link.</summary>
    public const string Publish = "publish";

    /// <summary>Place: what happens to faces.</summary>
    public const string Events = "events";

    /// <summary>Place: the outbox on disk.</summary>
    public const string Outbox = "outbox";

    /// <summary>Place: the preview.</summary>
    public const string Preview = "preview";

    /// <summary>A newer live frame took the place.</summary>
    public const string NewerFrame = "newerFrame";

    /// <summary>The node was stopping.</summary>
    public const string Stopping = "stopping";

    /// <summary>The engine refused or failed.</summary>
    public const string EngineFault = "engineFault";

    /// <summary>The engine gave NaN or infinity.</summary>
    public const string InvalidOutput = "invalidOutput";

    /// <summary>No broker connection.</summary>
    public const string Offline = "offline";

    /// <summary>The queue to the broker was full.</summary>
    public const string QueueFull = "queueFull";

    /// <summary>The disk refused.</summary>
    public const string DiskFault = "diskFault";

    /// <summary>The encoder was still at work on the one before.</summary>
    public const string Busy = "busy";

    /// <summary>The broker does not take it.</summary>
    public const string Refused = "refused";

    /// <summary>Larger than the broker accepts.</summary>
    public const string TooLarge = "tooLarge";
}
