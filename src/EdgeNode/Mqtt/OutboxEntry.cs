namespace FaceLandmark.Mqtt;

/// <summary>A message on disk.</summary>
/// <param name="Id">Its place in the order.</param>
/// <param name="Topic">Where it goes.</param>
/// <param name="ContentType">MQTT 5 content type.</param>
/// <param name="Payload">What.</param>
internal sealed record OutboxEntry(long Id, string Topic, string ContentType, byte[] Payload);
