namespace FaceLandmark.Mqtt;

/// <summary>What carries MQTT.</summary>
internal enum MqttTransport
{
    /// <summary>A TCP connection.</summary>
    Tcp,

    /// <summary>A WebSocket, for networks that let only HTTP through.</summary>
    WebSocket,
}
