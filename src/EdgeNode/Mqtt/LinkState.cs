namespace FaceLandmark.Mqtt;

/// <summary>Where the connection to the broker stands.</summary>
internal enum LinkState
{
    /// <summary>No connection; the next attempt waits for its time.</summary>
    Disconnected,

    /// <summary>Being connected, or sending the retained state that comes before everything else.</summary>
    Connecting,

    /// <summary>Messages are sent.</summary>
    Online,

    /// <summary>What waits is sent; nothing new is taken.</summary>
    Draining,
}
