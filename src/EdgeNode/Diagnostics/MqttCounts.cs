namespace FaceLandmark.Diagnostics;

/// <summary>Messages of the MQTT link.</summary>
/// <param name="Queued">Waiting now.</param>
/// <param name="Sent">Sent since the start.</param>
/// <param name="Failed">Not sent since the start.</param>
internal readonly record struct MqttCounts(long Queued, long Sent, long Failed);
