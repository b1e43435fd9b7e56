using FaceLandmark.Capture;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>Keeps the retained state of every camera up to date. Thread-safe.</summary>
internal sealed class CameraStatePublisher(MqttLink link, MqttTopics topics, NodeIdentity identity)
{
    /// <summary>The camera's state changed.</summary>
    public void Publish(CameraStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        link.SetState(topics.Camera(status.Camera).State, CameraStateMessage.Of(status, identity).ToBytes());
    }
}
