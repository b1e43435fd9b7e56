namespace FaceLandmark.Diagnostics;

/// <summary>
/// Where something was dropped. The words of <c>stats</c>, of the report and of metric tags are these names in camel case.
/// </summary>
internal enum DropPlace
{
    /// <summary>The camera and its driver.</summary>
    Camera,

    /// <summary>Between the camera and the pipeline.</summary>
    Gate,

    /// <summary>The engine.</summary>
    Infer,

    /// <summary>The MQTT link.</summary>
    Publish,

    /// <summary>What happens to faces.</summary>
    Events,

    /// <summary>The outbox on disk.</summary>
    Outbox,

    /// <summary>The preview.</summary>
    Preview,
}
