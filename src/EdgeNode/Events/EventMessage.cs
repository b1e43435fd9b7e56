using System.Text.Json;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Events;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/events</c>: something happened to a face, as JSON. <c>session</c>, <c>camera</c> and <c>seq</c> tell a
/// message that arrives twice.
/// </summary>
internal static class EventMessage
{
    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter writer, FaceEvent happened, long sequence, string node, string camera, string session)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.Event);
        writer.WriteString("node", node);
        writer.WriteString("camera", camera);
        writer.WriteString("session", session);
        writer.WriteNumber("seq", sequence);
        writer.WriteString("event", happened.Kind);
        writer.WriteTime(JsonEncodedText.Encode("at"), happened.At);
        writer.WriteNumber("face", happened.Face);
        writer.WriteNumber("frame", happened.Frame);
        if (happened.Seconds is { } seconds)
            writer.WriteNumber("seconds", Math.Round(seconds, 3));
        writer.WriteEndObject();
    }
}
