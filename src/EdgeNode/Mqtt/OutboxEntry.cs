namespace FaceLandmark.Mqtt;

/// <summary>A message that waits in the outbox.</summary>
/// <param name="Id">Its place in the file; 0: it is in memory only, as the disk did not take it.</param>
/// <param name="Topic">Where it goes.</param>
/// <param name="ContentType">MQTT 5 content type.</param>
/// <param name="Payload">What.</param>
internal sealed record OutboxEntry(long Id, string Topic, string ContentType, byte[] Payload);
