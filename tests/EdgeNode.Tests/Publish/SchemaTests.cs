using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Control;
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
            { "landmarks", Text(Samples.Landmarks(Samples.Work())) },
            { "landmarks", Text(Samples.Landmarks(Samples.Work(), file: "a.jpg")) },
            { "camera-state", Text(StateOf(new("cam0", CameraCondition.Opening, null, Samples.CapturedAt, null))) },
            { "camera-state", Text(StateOf(new("cam0", CameraCondition.Stalled, "No frame.", Samples.CapturedAt, Samples.Source))) },
            { "summary", Text(SummaryOf(Summary.Of(Samples.Work()), 29.97)) },
            { "summary", Text(SummaryOf(default, 0)) },
            { "event", Text(EventOf(new FaceEvent("appeared", Samples.CapturedAt, 3, 17), 1)) },
            { "event", Text(EventOf(new FaceEvent("left", Samples.CapturedAt, 3, 17, 2.5), 2)) },
            {
                "log",
                Text(
                    LogMessage
                        .Of(LogLevel.Warning, "FaceLandmark.Mqtt.MqttLink", 700, "Lost.", 3, Samples.CapturedAt, Samples.Identity)
                        .ToBytes()
                )
            },
            {
                "stats",
                Text(
                    StatsMessage
                        .Of(Samples.Metrics(TimeProvider.System).Snapshot() with { TemperatureC = 50 }, Samples.Identity)
                        .ToBytes()
                )
            },
            {
                "info",
                Text(
                    InfoOf(
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
                Text(
                    InfoOf(
                        new NodeFacts(Samples.Identity, [Samples.Engine], [], PublicConfiguration.Of(new EdgeNodeOptions()))
                        {
                            Dispatch = new DispatchStatus(DispatchMode.Failover, ["onnx"], "It hangs."),
                            Models = [Samples.Engine.Model],
                        }
                    )
                )
            },
            { "compare", Text(CompareMessage.Of(Compared(), new CompareWindow(), "node7").ToBytes()) },
            { "response", Text(ResponseOf("The camera is not there.", null)) },
            { "response", Text(ResponseOf(null, """{"camera":"cam0"}""")) },
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

    private static byte[] StateOf(CameraStatus status) => CameraStateMessage.Of(status, Samples.Identity).ToBytes();

    private static byte[] SummaryOf(Summary summary, double fps) =>
        SummaryMessage.Of(summary, fps, Samples.CapturedAt, Samples.Identity, "cam0").ToBytes();

    private static byte[] EventOf(FaceEvent happened, long sequence) =>
        EventMessage.Of(happened, sequence, Samples.Identity, "cam0").ToBytes();

    private static byte[] InfoOf(NodeFacts facts) => InfoMessage.Of(facts).ToBytes();

    private static byte[] ResponseOf(string? error, string? data) =>
        ResponseMessage.Of(Samples.Identity, "camera", Json("7"), error, data is null ? null : Json(data)).ToBytes();

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static string Text(byte[] message) => Encoding.UTF8.GetString(message);

    private static string Folder() => Path.Combine(Repository.Root, "docs", "schemas");
}
