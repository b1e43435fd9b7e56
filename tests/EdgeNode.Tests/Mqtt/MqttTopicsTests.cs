using FaceLandmark.Mqtt;

namespace FaceLandmark.Tests.Mqtt;

public sealed class MqttTopicsTests
{
    private readonly MqttTopics _topics = new("lab/faces", "node7", ["cam0", "gate"]);

    [Fact]
    public void Node_topics_begin_with_base_and_node()
    {
        Assert.Equal("lab/faces/node7", _topics.Base);
        Assert.Equal("lab/faces/node7/status", _topics.Status);
        Assert.Equal("lab/faces/node7/info", _topics.Info);
        Assert.Equal("lab/faces/node7/stats", _topics.Stats);
    }

    [Fact]
    public void Every_camera_has_topics_of_its_own() =>
        Assert.Equal(
            new CameraTopics(
                "lab/faces/node7/cameras/gate/state",
                "lab/faces/node7/cameras/gate/landmarks",
                "lab/faces/node7/cameras/gate/preview",
                "lab/faces/node7/cameras/gate/summary",
                "lab/faces/node7/cameras/gate/events"
            ),
            _topics.Camera("gate")
        );

    [Fact]
    public void Topics_of_a_camera_are_composed_once() => Assert.Same(_topics.Camera("cam0"), _topics.Camera("cam0"));

    [Fact]
    public void An_unknown_camera_is_a_bug() => Assert.Throws<KeyNotFoundException>(() => _topics.Camera("cam1"));
}
