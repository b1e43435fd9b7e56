namespace FaceLandmark.Publish;

/// <summary>What Home Assistant is told about the node.</summary>
internal enum HomeAssistantDiscovery
{
    /// <summary>Nothing; what was said before stays.</summary>
    Off,

    /// <summary>The device, its sensors and pictures.</summary>
    On,

    /// <summary>That the device is gone: it disappears there.</summary>
    Remove,
}
