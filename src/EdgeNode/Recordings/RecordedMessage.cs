namespace FaceLandmark.Recordings;

/// <summary>A message as it stands in a recording.</summary>
/// <param name="At">When it came, by the clock of the recording; of a film, its time in it after 1970.</param>
/// <param name="Topic">Where it was published.</param>
/// <param name="Payload">Its bytes, as they came.</param>
/// <param name="ContentType">MQTT 5 content type; null: none was given.</param>
internal readonly record struct RecordedMessage(DateTimeOffset At, string Topic, ReadOnlyMemory<byte> Payload, string? ContentType);
