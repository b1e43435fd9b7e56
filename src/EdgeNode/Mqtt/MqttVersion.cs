namespace FaceLandmark.Mqtt;

/// <summary>Version of the MQTT protocol.</summary>
internal enum MqttVersion
{
    /// <summary>MQTT 5; 3.1.1 with a broker that does not know 5.</summary>
    Auto,

    /// <summary>MQTT 5.</summary>
    V5,

    /// <summary>MQTT 3.1.1, for brokers that know no better: without content types, user properties, limits and reasons.</summary>
    V311,
}
