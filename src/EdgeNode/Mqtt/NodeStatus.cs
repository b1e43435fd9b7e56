namespace FaceLandmark.Mqtt;

/// <summary>Payloads of the topic <c>status</c>.</summary>
internal static class NodeStatus
{
    /// <summary>Connected; everything retained was sent before.</summary>
    public static readonly byte[] Online = "online"u8.ToArray();

    /// <summary>Stopped on purpose.</summary>
    public static readonly byte[] Stopped = "stopped"u8.ToArray();

    /// <summary>The last will: the node is gone without a goodbye.</summary>
    public static readonly byte[] Offline = "offline"u8.ToArray();
}
