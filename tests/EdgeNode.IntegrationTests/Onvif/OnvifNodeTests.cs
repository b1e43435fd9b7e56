using System.Globalization;
using System.Text.Json;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Onvif;

/// <summary>ONVIF metadata of a whole node, as a subscriber of a real mosquitto gets it.</summary>
public sealed class OnvifNodeTests
{
    private const string Frames = "site/door/onvif-mj/VideoAnalytics/cam0/FaceLandmark";
    private const string Events = "site/door/onvif-ej/RuleEngine/ObjectTrack/Aggregation/&cam0/FaceLandmark/Faces";

    [Fact]
    public async Task A_node_publishes_scenes_and_tracks_of_faces_below_its_prefix_also_without_events_of_its_own()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "site/#");
        await using var own = await Subscriber.StartAsync(broker.Port, "facelandmark/+/cameras/+/landmarks");
        await using var node = NodeProcess.Start(
            "--Node:Name=n1",
            "--Mqtt:Host=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={broker.Port}"),
            "--Onvif:Enabled=true",
            "--Onvif:TopicPrefix=site/door",
            "--Events:Enabled=false",
            "--Events:AppearAfter=0s",
            "--Events:LeaveAfter=100ms"
        );
        // The demo changes its photographs, so that faces come and go.
        var received = await subscriber.UntilAsync(message => message.Topic == Events && Final(message.Text));
        // Events and frames go through different queues of the node.
        received.AddRange(await subscriber.UntilAsync(message => message.Text.Contains("CenterOfGravity", StringComparison.Ordinal)));
        Assert.All(received, message => Assert.Contains(message.Topic, (string[])[Frames, Events]));
        Assert.All(received, message => Assert.Equal(("application/json", false), (message.ContentType, message.Retained)));

        var appeared = new Dictionary<int, DateTimeOffset>();
        var faces = 0;
        foreach (var message in received)
        {
            using var document = JsonDocument.Parse(message.Payload);
            if (message.Topic == Frames)
            {
                var frame = Assert.Single(document.RootElement.GetProperty("Frame").EnumerateArray());
                foreach (var face in frame.TryGetProperty("Object", out var list) ? list.EnumerateArray() : default)
                    faces += IdInside(face) > 0 ? 1 : 0;
            }
            else
            {
                var (source, data) = (document.RootElement.GetProperty("Source"), document.RootElement.GetProperty("Data"));
                Assert.Equal("cam0", source.GetProperty("VideoSource").GetString());
                var id = data.GetProperty("Object").GetProperty("Object").GetProperty("@ObjectId").GetInt32();
                var start = data.GetProperty("AggregationStart").GetDateTimeOffset();
                if (!data.GetProperty("Final").GetBoolean())
                    appeared[id] = start;
                else
                    Assert.Equal(appeared[id], start);
            }
        }

        Assert.NotEmpty(appeared);
        Assert.True(faces > 0);

        // The same faces at the same times as in the node's own messages.
        var landmarks = JsonDocument.Parse((await own.NextAsync()).Payload).RootElement;
        var at = landmarks.GetProperty("capturedAt").GetString();
        var scene = Assert.Single(received, message => message.Topic == Frames && message.Text.Contains(at!, StringComparison.Ordinal));
        var objects = JsonDocument.Parse(scene.Payload).RootElement.GetProperty("Frame")[0].TryGetProperty("Object", out var all)
            ? all.EnumerateArray().Select(one => one.GetProperty("@ObjectId").GetInt32())
            : [];
        Assert.Equal(landmarks.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("id").GetInt32()), objects);
    }

    [Fact]
    public async Task A_node_that_was_not_asked_publishes_none()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port);
        var (exitCode, _, errors) = await NodeProcess.RunAsync(
            "--frames",
            "20",
            "--Mqtt:Host=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--Mqtt:Port={broker.Port}")
        );
        Assert.True(exitCode == 0, errors);
        var received = await subscriber.UntilAsync(message => message.Text == "stopped");
        Assert.DoesNotContain(received, message => message.Topic.Contains("onvif", StringComparison.Ordinal));
    }

    private static bool Final(string text) => text.Contains("\"Final\":true", StringComparison.Ordinal);

    private static int IdInside(JsonElement face)
    {
        var shape = face.GetProperty("Appearance").GetProperty("Shape");
        var (box, centre) = (shape.GetProperty("BoundingBox"), shape.GetProperty("CenterOfGravity"));
        double Of(JsonElement element, string name) => element.GetProperty(name).GetDouble();
        Assert.InRange(Of(box, "@left"), -1, 1);
        Assert.InRange(Of(box, "@right"), Of(box, "@left"), 1);
        Assert.InRange(Of(box, "@bottom"), -1, 1);
        Assert.InRange(Of(box, "@top"), Of(box, "@bottom"), 1);
        Assert.InRange(Of(centre, "@x"), Of(box, "@left"), Of(box, "@right"));
        Assert.InRange(Of(centre, "@y"), Of(box, "@bottom"), Of(box, "@top"));
        var kind = Assert.Single(face.GetProperty("Appearance").GetProperty("Class").GetProperty("Type").EnumerateArray());
        Assert.Equal("HumanFace", kind.GetProperty("#text").GetString());
        return face.GetProperty("@ObjectId").GetInt32();
    }
}
