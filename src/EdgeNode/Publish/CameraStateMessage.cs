using FaceLandmark.Capture;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/state</c>: where a camera stands, as JSON. What the source told is there once it was open.
/// </summary>
internal sealed record CameraStateMessage(
    string Schema,
    string Node,
    string Camera,
    string Session,
    string State,
    string? Cause,
    string Since,
    string? Source,
    int? Width,
    int? Height,
    double? Fps,
    bool? Live,
    string? DeviceSerial
)
{
    /// <summary>The message about a camera's state.</summary>
    public static CameraStateMessage Of(CameraStatus status, NodeIdentity identity)
    {
        var source = status.Source;
        return new CameraStateMessage(
            MessageSchemas.CameraState,
            identity.Name,
            status.Camera,
            identity.Session,
            status.Condition.Word(),
            status.Cause,
            MessageJson.ToIsoTime(status.Since),
            source?.Description,
            source?.Width,
            source?.Height,
            source is null ? null : Math.Round(source.Fps, 3),
            source?.IsLive,
            source?.DeviceSerial
        );
    }

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, PublishJson.Default.CameraStateMessage);
}
