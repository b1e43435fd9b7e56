using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Events;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;
using NJsonSchema;

namespace FaceLandmark.Tests.Publish;

/// <summary>Every message is what <c>docs/schemas</c> says, and has no field that is not written there.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string, string> Messages =>
        new()
        {
            { "landmarks", Text(writer => LandmarksMessage.Write(writer, Samples.Work(), "node7", TimeProvider.System)) },
            { "landmarks", Text(writer => LandmarksMessage.Write(writer, Samples.Work(), "node7", TimeProvider.System, "a.jpg")) },
            {
                "camera-state",
                Text(writer =>
                    CameraStateMessage.Write(
                        writer,
                        new CameraStatus("cam0", CameraCondition.Opening, null, Samples.CapturedAt, null),
                        "node7",
                        "s1"
                    )
                )
            },
            {
                "camera-state",
                Text(writer =>
                    CameraStateMessage.Write(
                        writer,
                        new CameraStatus("cam0", CameraCondition.Stalled, "No frame.", Samples.CapturedAt, Samples.Source),
                        "node7",
                        "s1"
                    )
                )
            },
            {
                "summary",
                Text(writer => SummaryMessage.Write(writer, Summary.Of(Samples.Work()), 29.97, Samples.CapturedAt, "node7", "cam0", "s1"))
            },
            { "summary", Text(writer => SummaryMessage.Write(writer, default, 0, Samples.CapturedAt, "node7", "cam0", "s1")) },
            {
                "event",
                Text(writer => EventMessage.Write(writer, new FaceEvent("appeared", Samples.CapturedAt, 3, 17), 1, "node7", "cam0", "s1"))
            },
            {
                "event",
                Text(writer => EventMessage.Write(writer, new FaceEvent("left", Samples.CapturedAt, 3, 17, 2.5), 2, "node7", "cam0", "s1"))
            },
            {
                "log",
                Text(writer =>
                    LogMessage.Write(
                        writer,
                        LogLevel.Warning,
                        "FaceLandmark.Publish.MqttLink",
                        700,
                        "Lost.",
                        3,
                        Samples.CapturedAt,
                        "node7",
                        "s1"
                    )
                )
            },
            {
                "stats",
                Text(writer =>
                    StatsMessage.Write(writer, Samples.Metrics(TimeProvider.System).Snapshot() with { TemperatureC = 50 }, "node7", "s1")
                )
            },
            {
                "info",
                Text(writer =>
                    InfoMessage.Write(
                        writer,
                        new NodeFacts(
                            Samples.Identity,
                            [Samples.Engine],
                            [new CameraOptions()],
                            PublicConfiguration.Of(new EdgeNodeOptions { Cameras = [new CameraOptions()] })
                        )
                    )
                )
            },
            {
                "info",
                Text(writer =>
                    InfoMessage.Write(
                        writer,
                        new NodeFacts(Samples.Identity, [Samples.Engine], [], PublicConfiguration.Of(new EdgeNodeOptions()))
                        {
                            Dispatch = new DispatchStatus(DispatchMode.Failover, ["onnx"], "It hangs."),
                            Models = [Samples.Engine.Model],
                        }
                    )
                )
            },
            { "compare", Text(writer => CompareMessage.Write(writer, Compared(), new CompareWindow(), "node7")) },
            {
                "response",
                """
                {"schema":"facelandmark/response/1","node":"n","session":"s","verb":"health","transaction":7,
                "status":"error","error":"No."}
                """
            },
        };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_message_is_valid(string schema, string message)
    {
        var errors = (await LoadAsync(schema)).Validate(message);
        Assert.True(errors.Count == 0, string.Join("\n", errors));
        Assert.Equal($"facelandmark/{schema}/1", (string)JsonNode.Parse(message)!.AsObject().First().Value!);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_message_without_its_first_name_or_with_a_field_too_many_is_not(string schema, string message)
    {
        var without = JsonNode.Parse(message)!.AsObject();
        without.Remove("node");
        Assert.NotEmpty((await LoadAsync(schema)).Validate(without.ToJsonString()));
        var more = JsonNode.Parse(message)!.AsObject();
        more["surprise"] = 1;
        Assert.NotEmpty((await LoadAsync(schema)).Validate(more.ToJsonString()));
    }

    [Fact]
    public void Every_schema_of_the_info_message_is_published()
    {
        var ids = typeof(MessageSchemas).GetFields().Select(field => (string)field.GetValue(null)!).Order(StringComparer.Ordinal);
        var files = Directory
            .EnumerateFiles(Folder(), "*.schema.json")
            .Select(file => (string)JsonNode.Parse(File.ReadAllText(file))!["$id"]!)
            .Order(StringComparer.Ordinal);
        Assert.Equal(ids, files);
    }

    // The published schemas let later fields pass; here none may come that is not written down.
    private static async Task<JsonSchema> LoadAsync(string name)
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder(), name + ".schema.json")))!;
        Close(json);
        return await JsonSchema.FromJsonAsync(json.ToJsonString());
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            if (fields["properties"] is not null)
                fields["additionalProperties"] = false;
            foreach (var (_, value) in fields.ToList())
                Close(value);
        }
    }

    private static FrameWork Compared()
    {
        var work = Samples.Work();
        work.Twin = Samples.Work();
        work.Agreements[0] = new FaceAgreement(0.125, 0.5, 50);
        work.Agreements[1] = FaceAgreement.None;
        return work;
    }

    private static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(MessageJson.ToBytes(write));

    private static string Folder() => Path.Combine(Repository.Root, "docs", "schemas");
}
