namespace FaceLandmark.Publish;

/// <summary>What the node announces to Home Assistant.</summary>
internal enum HomeAssistantDiscovery
{
    /// <summary>Nothing; what was announced before stays.</summary>
    Off,

    /// <summary>The device, its sensors and pictures.</summary>
    On,

    /// <summary>That the device is gone: it disappears there.</summary>
    Remove,
}
