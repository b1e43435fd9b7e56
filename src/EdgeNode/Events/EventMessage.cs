using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Events;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/events</c>: something happened to a face, as JSON. <c>session</c>, <c>camera</c> and <c>seq</c> tell a
/// message that arrives twice.
/// </summary>
internal sealed record EventMessage(
    string Schema,
    string Node,
    string Camera,
    string Session,
    long Seq,
    string Event,
    string At,
    int Face,
    long Frame,
    double? Seconds
)
{
    /// <summary>The message about an event, the <paramref name="sequence"/>th of its camera.</summary>
    public static EventMessage Of(FaceEvent happened, long sequence, NodeIdentity identity, string camera) =>
        new(
            MessageSchemas.Event,
            identity.Name,
            camera,
            identity.Session,
            sequence,
            happened.Kind,
            MessageJson.ToIsoTime(happened.At),
            happened.Face,
            happened.Frame,
            happened.Seconds is { } seconds ? Math.Round(seconds, 3) : null
        );

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, EventsJson.Default.EventMessage);
}
