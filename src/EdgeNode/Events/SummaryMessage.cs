using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Events;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/summary</c>: what a camera sees, in short, as JSON. Head, eyes and mouth are there only when a face is.
/// </summary>
internal sealed record SummaryMessage(
    string Schema,
    string Node,
    string Camera,
    string Session,
    string At,
    bool Present,
    int Count,
    int? Face,
    SummaryMessage.Angles? Pose,
    SummaryMessage.Eyes? EyesOpen,
    bool? MouthOpen,
    string? Engine,
    double Fps
)
{
    /// <summary>The message about a summary.</summary>
    public static SummaryMessage Of(Summary summary, double fps, DateTimeOffset at, NodeIdentity identity, string camera)
    {
        var isPresent = summary.Count > 0;
        return new SummaryMessage(
            MessageSchemas.Summary,
            identity.Name,
            camera,
            identity.Session,
            MessageJson.ToIsoTime(at),
            isPresent,
            summary.Count,
            isPresent ? summary.Face : null,
            isPresent ? new Angles(summary.Yaw, summary.Pitch, summary.Roll) : null,
            isPresent ? new Eyes(summary.LeftEyeOpen, summary.RightEyeOpen) : null,
            isPresent ? summary.MouthOpen : null,
            summary.Engine,
            Math.Round(fps, 1)
        );
    }

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, EventsJson.Default.SummaryMessage);

    /// <summary>Direction of the head, whole degrees.</summary>
    public readonly record struct Angles(int Yaw, int Pitch, int Roll);

    /// <summary>Which eyes are open, as the picture shows them.</summary>
    public readonly record struct Eyes(bool Left, bool Right);
}
