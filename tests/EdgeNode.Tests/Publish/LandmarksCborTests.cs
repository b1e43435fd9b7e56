using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceLandmark.Publish;

namespace FaceLandmark.Tests.Publish;

public sealed class LandmarksCborTests
{
    [Fact]
    public void It_says_what_the_json_says_in_about_half_the_bytes()
    {
        var work = Samples.Work();
        var json = Samples.Landmarks(work);
        var cbor = new LandmarksCbor().Write(work, "node7", TimeProvider.System).ToArray();
        Assert.InRange(cbor.Length, 1, json.Length * 0.6);

        var expected = JsonNode.Parse(json)!;
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        var actual = Read(reader)!;
        Assert.Equal(0, reader.BytesRemaining);
        Assert.Equal(expected.AsObject().Select(field => field.Key), actual.AsObject().Select(field => field.Key));
        foreach (
            var name in new[]
            {
                "schema",
                "node",
                "camera",
                "session",
                "seq",
                "capturedAt",
                "monotonicNs",
                "frame",
                "engine",
                "device",
                "model",
                "dropped",
                "filtered",
            }
        )
            Assert.True(JsonNode.DeepEquals(expected[name], actual[name]), name);
        var (face, other) = (expected["faces"]![0]!, actual["faces"]![0]!);
        Assert.Equal(
            face["points"]!.AsArray().SelectMany(pair => pair!.AsArray()).Select(Hundredths),
            other["points"]!.AsArray().Select(value => (long)value!)
        );
        Assert.Equal(face["box"]!.AsArray().Select(Hundredths), other["box"]!.AsArray().Select(value => (long)value!));
        Assert.Equal((double)face["pose"]!["yaw"]!, (double)other["pose"]!["yaw"]!, 0.01);
        Assert.Equal((double)expected["timing"]!["total"]!, (double)actual["timing"]!["total"]!, 0.001);
    }

    [Fact]
    public void A_frame_without_a_result_has_no_faces()
    {
        var work = Samples.Work();
        work.Fault = "no result";
        var message = Read(
            new CborReader(new LandmarksCbor().Write(work, "node7", TimeProvider.System).ToArray(), CborConformanceMode.Lax)
        )!;
        Assert.Equal("no result", (string)message["fault"]!);
        Assert.Empty(message["faces"]!.AsArray());
    }

    private static long Hundredths(JsonNode? value) => (long)Math.Round((double)value! * 100);

    private static JsonNode? Read(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var map = new JsonObject();
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                    map.Add(reader.ReadTextString(), Read(reader));
                reader.ReadEndMap();
                return map;
            case CborReaderState.StartArray:
                var array = new JsonArray();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                    array.Add(Read(reader));
                reader.ReadEndArray();
                return array;
            case CborReaderState.TextString:
                return reader.ReadTextString();
            case CborReaderState.Boolean:
                return reader.ReadBoolean();
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat:
                return (double)reader.ReadSingle();
            default:
                return JsonSerializer.SerializeToNode(reader.ReadInt64());
        }
    }
}
