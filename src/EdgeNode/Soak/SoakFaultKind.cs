namespace FaceLandmark.Soak;

/// <summary>A fault that the soak makes. Its word in the report is this name in camel case.</summary>
internal enum SoakFaultKind
{
    /// <summary>Reads of a camera fail.</summary>
    CameraError,

    /// <summary>A camera is not there; it comes back with pictures of another size.</summary>
    CameraGone,

    /// <summary>A camera stays open and gives nothing.</summary>
    CameraStall,

    /// <summary>A camera's driver loses frames, and gives damaged ones.</summary>
    CameraLoss,

    /// <summary>A camera's pictures are black.</summary>
    CameraBlack,

    /// <summary>The accelerator refuses.</summary>
    EngineError,

    /// <summary>The accelerator gives NaN.</summary>
    EngineInvalid,

    /// <summary>The accelerator does not come back.</summary>
    EngineHang,

    /// <summary>The accelerator refuses, and the CPU's engine now and then, or gives NaN.</summary>
    BothEngines,

    /// <summary>The broker's connections break.</summary>
    BrokerReset,

    /// <summary>The broker takes no connection.</summary>
    BrokerGone,

    /// <summary>The broker's connections stay, and nothing goes through.</summary>
    BrokerFrozen,

    /// <summary>What goes to and from the broker takes a while.</summary>
    BrokerSlow,

    /// <summary>The disk of the outbox is full.</summary>
    DiskFull,
}
