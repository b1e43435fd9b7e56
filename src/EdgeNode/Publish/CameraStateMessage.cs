using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/state</c>: where a camera stands, as JSON. What the source told is there once it was open.
/// </summary>
internal static class CameraStateMessage
{
    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter writer, CameraStatus status, string node, string session)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.CameraState);
        writer.WriteString("node", node);
        writer.WriteString("camera", status.Camera);
        writer.WriteString("session", session);
        writer.WriteString("state", status.Condition.Word());
        if (status.Cause is not null)
            writer.WriteString("cause", status.Cause);
        writer.WriteTime(JsonEncodedText.Encode("since"), status.Since);
        if (status.Source is { } source)
        {
            writer.WriteString("source", source.Description);
            writer.WriteNumber("width", source.Width);
            writer.WriteNumber("height", source.Height);
            writer.WriteNumber("fps", Math.Round(source.Fps, 3));
            writer.WriteBoolean("live", source.IsLive);
            if (source.DeviceSerial is not null)
                writer.WriteString("deviceSerial", source.DeviceSerial);
        }

        writer.WriteEndObject();
    }
}
