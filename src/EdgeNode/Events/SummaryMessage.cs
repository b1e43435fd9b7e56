using System.Text.Json;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Events;

/// <summary>The topic <c>cameras/&lt;cam&gt;/summary</c>: what a camera sees, in short, as JSON.</summary>
internal static class SummaryMessage
{
    /// <summary>Writes one object; head, eyes and mouth only when there is a face.</summary>
    public static void Write(
        Utf8JsonWriter writer,
        Summary summary,
        double fps,
        DateTimeOffset at,
        string node,
        string camera,
        string session
    )
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.Summary);
        writer.WriteString("node", node);
        writer.WriteString("camera", camera);
        writer.WriteString("session", session);
        writer.WriteTime(JsonEncodedText.Encode("at"), at);
        writer.WriteBoolean("present", summary.Count > 0);
        writer.WriteNumber("count", summary.Count);
        if (summary.Count > 0)
        {
            writer.WriteNumber("face", summary.Face);
            writer.WriteStartObject("pose");
            writer.WriteNumber("yaw", summary.Yaw);
            writer.WriteNumber("pitch", summary.Pitch);
            writer.WriteNumber("roll", summary.Roll);
            writer.WriteEndObject();
            writer.WriteStartObject("eyesOpen");
            writer.WriteBoolean("left", summary.LeftEyeOpen);
            writer.WriteBoolean("right", summary.RightEyeOpen);
            writer.WriteEndObject();
            writer.WriteBoolean("mouthOpen", summary.MouthOpen);
        }

        if (summary.Engine is not null)
            writer.WriteString("engine", summary.Engine);
        writer.WriteNumber("fps", Math.Round(fps, 1));
        writer.WriteEndObject();
    }
}
