using System.Buffers;
using System.Text;
using System.Text.Json;
using FaceLandmark.Events;
using FaceLandmark.Faces;
using FaceLandmark.Mqtt;
using FaceLandmark.Onvif;
using FaceLandmark.Tests.Publish;

namespace FaceLandmark.Tests.Onvif;

/// <summary>The exact JSON, by the published text; the documentation shows the same.</summary>
public sealed class OnvifMessagesTests
{
    [Fact]
    public void A_frame_has_its_faces_in_coordinates_from_minus_1_to_1_with_y_upwards()
    {
        var work = Samples.Work();
        (work.Faces[0].Box, work.Faces[0].Score) = (new Box(260, 180, 120, 120), 0.9f);
        work.Faces[0].Candidate = work.Faces[0].Candidate with { Id = 1 };
        Assert.Equal(Shown("\"Frame\""), Text(writer => OnvifMessages.WriteFrame(writer, work)));
    }

    [Fact]
    public void A_face_that_reaches_beyond_the_frame_ends_at_its_edges()
    {
        var work = Samples.Work();
        work.Faces[0].Box = new Box(-100, -48, 420, 96); // up to the middle, and a tenth from above
        var text = Text(writer => OnvifMessages.WriteFrame(writer, work));
        Assert.Contains("""
            "BoundingBox":{"@left":-1,"@top":1,"@right":0,"@bottom":0.8},"CenterOfGravity":{"@x":-0.5,"@y":0.9}
            """, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_without_a_face_is_an_empty_scene()
    {
        var work = Samples.Work();
        work.Faces[0].IsPresent = false;
        Assert.Equal(
            """{"Frame":[{"@UtcTime":"2026-05-04T03:02:01.123456700Z","@Source":"FaceLandmark"}]}""",
            Text(writer => OnvifMessages.WriteFrame(writer, work))
        );
    }

    [Fact]
    public void A_face_that_appears_begins_its_track_and_one_that_leaves_ends_it()
    {
        var appeared = new FaceEvent(FaceEvent.Appeared, Samples.CapturedAt, 1, 42);
        Assert.Equal(Shown("\"UtcTime\""), Text(writer => OnvifMessages.WriteEvent(writer, "cam0", appeared)));
        var left = new FaceEvent(FaceEvent.Left, Samples.CapturedAt.AddSeconds(9), 1, 300, 9, Samples.CapturedAt);
        Assert.Equal(
            Shown("\"UtcTime\"")
                .Replace("\"Final\":false", "\"Final\":true", StringComparison.Ordinal)
                .Replace("{\"UtcTime\":\"2026-05-04T03:02:01.", "{\"UtcTime\":\"2026-05-04T03:02:10.", StringComparison.Ordinal),
            Text(writer => OnvifMessages.WriteEvent(writer, "cam0", left))
        );
    }

    // The line of docs/mqtt.md that begins so.
    private static string Shown(string field) =>
        Repository.Read("docs/mqtt.md").Split('\n').Single(line => line.StartsWith("{" + field, StringComparison.Ordinal));

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, MessageJson.WriterOptions))
            write(writer);
        using (JsonDocument.Parse(buffer.WrittenMemory)) { }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
