using System.Text;
using System.Text.RegularExpressions;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Events;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Tests.Publish;

/// <summary>Messages to the letter, as subscribers got them before: order, spelling, what is left out and what is null.</summary>
public sealed partial class MessageTextTests
{
    [Fact]
    public void A_summary_of_a_face() =>
        AssertText(
            """
            {"schema":"facelandmark/summary/1","node":"node7","camera":"cam0","session":"s1","at":"2026-05-04T03:02:01.000000000Z",
            "present":true,"count":1,"face":7,"pose":{"yaw":-12,"pitch":4,"roll":0},"eyesOpen":{"left":true,"right":true},
            "mouthOpen":false,"engine":"onnx","fps":30}
            """,
            SummaryMessage.Of(Summary.Of(Samples.Work()), 29.97, Samples.CapturedAt, Samples.Identity, "cam0").ToBytes()
        );

    [Fact]
    public void A_summary_of_nobody() =>
        AssertText(
            """
            {"schema":"facelandmark/summary/1","node":"node7","camera":"cam0","session":"s1","at":"2026-05-04T03:02:01.000000000Z",
            "present":false,"count":0,"fps":0}
            """,
            SummaryMessage.Of(default, 0, Samples.CapturedAt, Samples.Identity, "cam0").ToBytes()
        );

    [Fact]
    public void An_event_that_lasted() =>
        AssertText(
            """
            {"schema":"facelandmark/event/1","node":"node7","camera":"cam0","session":"s1","seq":2,"event":"left",
            "at":"2026-05-04T03:02:01.000000000Z","face":3,"frame":17,"seconds":2.5}
            """,
            EventMessage.Of(new FaceEvent("left", Samples.CapturedAt, 3, 17, 2.5), 2, Samples.Identity, "cam0").ToBytes()
        );

    [Fact]
    public void An_event_of_a_moment() =>
        AssertText(
            """
            {"schema":"facelandmark/event/1","node":"node7","camera":"cam0","session":"s1","seq":1,"event":"appeared",
            "at":"2026-05-04T03:02:01.000000000Z","face":3,"frame":17}
            """,
            EventMessage.Of(new FaceEvent("appeared", Samples.CapturedAt, 3, 17), 1, Samples.Identity, "cam0").ToBytes()
        );

    [Fact]
    public void A_line_of_the_log_with_letters_of_all_kinds() =>
        AssertText(
            """
            {"schema":"facelandmark/log/1","node":"node7","session":"s1","at":"2026-05-04T03:02:01.000000000Z","level":"warning",
            "category":"MqttLink","event":700,"message":"Lost: größer 'x' <b> & \"q\" 寝 \uD83D\uDE00.","count":3}
            """,
            LogMessage
                .Of(
                    LogLevel.Warning,
                    "FaceLandmark.Publish.MqttLink",
                    700,
                    "Lost: größer 'x' <b> & \"q\" 寝 \U0001F600.",
                    3,
                    Samples.CapturedAt,
                    Samples.Identity
                )
                .ToBytes()
        );

    [Fact]
    public void What_a_node_says_about_itself()
    {
        var facts = new NodeFacts(
            Samples.Identity,
            [Samples.Engine],
            [new CameraOptions()],
            PublicConfiguration.Of(new EdgeNodeOptions { Cameras = [new CameraOptions()], Mqtt = new MqttOptions { Host = "bröker" } })
        )
        {
            Dispatch = new DispatchStatus(DispatchMode.Failover, ["onnx"], null),
            Models = [Samples.Engine.Model],
        };
        var text = Encoding.UTF8.GetString(InfoMessage.Of(facts).ToBytes());
        AssertText(
            """
            {"schema":"facelandmark/info/1","node":"node7","session":"s1","software":{},"started":"2026-05-04T03:02:01.000000000Z",
            "engines":[{"name":"onnx","runtime":"ONNX Runtime 1.31","device":{"name":"CPU","emulated":false},
            "model":{"name":"deeppose-resnet18","sha256":"abc123","landmarkSet":"WFLW-98"}}],
            "models":[{"name":"deeppose-resnet18","description":null}],
            "dispatch":{"mode":"failover","inUse":["onnx"],"failed":null},"cameras":[{"name":"cam0","source":"demo"}],
            "configuration":
            """,
            Encoding.UTF8.GetBytes(Software().Replace(text, "\"software\":{}").Split("{\"node\":{")[0])
        );
        Assert.Contains(
            """
            "mqtt":{"host":"bröker","port":1883,"failover":"","version":"auto","transport":"tcp","webSocketPath":"/mqtt",
            "tls":{"enabled":false,"caFile":"","certificateFile":"","keyFile":"","minVersion":"tls12","serverName":""},
            "baseTopic":"facelandmark","clientId":"","user":"","passwordFile":"","landmarksQos":0,"landmarksFormat":"json",
            "keepAlive":"00:00:15","reconnectAfter":"00:00:00.5000000","reconnectAfterAtMost":"00:00:15","queueLength":256},
            "preview":{"enabled":null,"rate":5,"maxSize":640,"quality":80,"overlay":false}
            """.ReplaceLineEndings(""),
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_device_of_home_assistant() =>
        AssertText(
            """
            {"device":{"identifiers":"facelandmark_node7","name":"node7","manufacturer":"FaceLandmark","model":"EdgeNode"},
            "origin":{"name":"FaceLandmark"},"availability_topic":"facelandmark/node7/status",
            "availability_template":"{{ 'online' if value == 'online' else 'offline' }}","components":{
            "a_b_c8687a08_presence":{"platform":"binary_sensor","name":"a b Face present",
            "unique_id":"facelandmark_node7_a_b_c8687a08_presence","state_topic":"facelandmark/node7/cameras/a b/summary",
            "value_template":"{{ 'ON' if value_json.present else 'OFF' }}","device_class":"occupancy"},
            "a_b_c8687a08_faces":{"platform":"sensor","name":"a b Faces",
            "unique_id":"facelandmark_node7_a_b_c8687a08_faces","state_topic":"facelandmark/node7/cameras/a b/summary",
            "value_template":"{{ value_json.count }}","state_class":"measurement"},
            "a_b_c8687a08_state":{"platform":"sensor","name":"a b State",
            "unique_id":"facelandmark_node7_a_b_c8687a08_state","state_topic":"facelandmark/node7/cameras/a b/state",
            "value_template":"{{ value_json.state }}","entity_category":"diagnostic"},
            "a_b_c8687a08_preview":{"platform":"camera","name":"a b Preview",
            "unique_id":"facelandmark_node7_a_b_c8687a08_preview","topic":"facelandmark/node7/cameras/a b/preview"}}}
            """,
            HomeAssistantDevice.Of(new MqttTopics("facelandmark", "node7", ["a b"])).ToBytes()
        );

    private static void AssertText(string expected, byte[] message) =>
        Assert.Equal(expected.ReplaceLineEndings(""), Encoding.UTF8.GetString(message));

    [GeneratedRegex("\"software\":{.*?}")]
    private static partial Regex Software();
}
