using System.Formats.Cbor;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Tests.NodeRed;

/// <summary>The imported flow as Node-RED sees it, and the nodes of the module in it, fed with what a node has published.</summary>
[Collection(Dashboard.Name)]
public sealed partial class FlowTests(Dashboard dashboard) : IDisposable
{
    // Leads HTTP requests through the nodes of the module.
    private const string Trials = """
        { "label": "trials", "nodes": [
            { "id": "t1", "x": 0, "y": 0, "type": "http in", "url": "/trial/decode", "method": "post", "wires": [["t2"]] },
            { "id": "t2", "x": 0, "y": 0, "type": "facelandmark-decode", "wires": [["t3"], []] },
            { "id": "t3", "x": 0, "y": 0, "type": "join", "mode": "auto", "wires": [["t4"]] },
            { "id": "t4", "x": 0, "y": 0, "type": "http response", "wires": [] },
            { "id": "t5", "x": 0, "y": 0, "type": "http in", "url": "/trial/overlay", "method": "post", "wires": [["t6"]] },
            { "id": "t6", "x": 0, "y": 0, "type": "function", "outputs": 1, "timeout": 0, "libs": [], "wires": [["t10"]],
              "func": "msg.picture = Buffer.from(msg.payload.picture, 'base64'); return msg;" },
            { "id": "t10", "x": 0, "y": 0, "type": "function", "outputs": 1, "timeout": 0, "libs": [], "wires": [["t7"]],
              "func": "msg.payload = Buffer.from(msg.payload.landmarks, 'base64'); return msg;" },
            { "id": "t7", "x": 0, "y": 0, "type": "facelandmark-overlay", "colour": "#39f0c8", "wires": [["t4"]] },
            { "id": "t8", "x": 0, "y": 0, "type": "catch", "scope": null, "uncaught": false, "wires": [["t9"]] },
            { "id": "t9", "x": 0, "y": 0, "type": "function", "outputs": 1, "timeout": 0, "libs": [], "wires": [["t4"]],
              "func": "msg.statusCode = 400; msg.payload = msg.error.message; return msg;" } ] }
        """;

    private readonly HttpClient _http = new() { BaseAddress = dashboard.NodeRed.Address };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_flow_is_imported_whole_and_its_nodes_understand_what_a_node_publishes()
    {
        var flows = JsonNode.Parse(await File.ReadAllTextAsync(FlowFile, TestContext.Current.CancellationToken))!.AsArray();
        var ids = flows.Select(node => (string)node!["id"]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.DoesNotContain(flows, node => node!["credentials"] is not null);
        Assert.DoesNotContain("[error]", dashboard.NodeRed.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("missing types", dashboard.NodeRed.Log, StringComparison.Ordinal);
        using var known = new HttpRequestMessage(HttpMethod.Get, "nodes") { Headers = { { "Accept", "application/json" } } };
        using var answer = await _http.SendAsync(known, TestContext.Current.CancellationToken);
        var types = JsonNode
            .Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!
            .AsArray()
            .SelectMany(set => set!["types"]!.AsArray())
            .Select(type => (string)type!);
        Assert.Empty(
            flows
                .Select(node => (string)node!["type"]!)
                .Where(type => type is not ("tab" or "group"))
                .Except(types)
        );

        // The switch has every mode that a node has.
        var modes = Modes().Match((string)flows.Single(node => (string?)node!["name"] == "what is shown")!["func"]!).Groups[1].Value;
        Assert.Equal(
            Enum.GetValues<DispatchMode>().Select(mode => mode.Word()).Order(StringComparer.Ordinal),
            JsonNode.Parse(modes)!.AsArray().Select(mode => (string)mode!).Order(StringComparer.Ordinal)
        );

        await AddTrialsAsync();
        await CheckAsync(await RecordAsync("json"), payload => JsonNode.Parse(payload)!);
        await CheckAsync(await RecordAsync("cbor"), DecodeCbor);

        using var nonsense = new ByteArrayContent("{\"faces\":3}"u8.ToArray());
        nonsense.Headers.ContentType = new("application/octet-stream");
        Assert.Equal(
            "This is no landmarks message of FaceLandmark: it has no faces",
            await SendAsync("trial/decode", nonsense, HttpStatusCode.BadRequest)
        );
        Assert.DoesNotContain(
            "\"trial/decode\"",
            await File.ReadAllTextAsync(FlowFile, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_newest_picture_is_served_with_its_points()
    {
        await using var page = await dashboard.OpenAsync();
        var svg = XDocument
            .Parse(await _http.GetStringAsync(new Uri("facelandmark/overlay.svg", UriKind.Relative), TestContext.Current.CancellationToken))
            .Root!;
        Assert.StartsWith("data:image/jpeg;base64,/9j/", svg.Elements().First().Attribute("href")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_kept_out_of_editor_pictures_and_switches()
    {
        _http.DefaultRequestHeaders.Add("Origin", "http://elsewhere.example");
        foreach (var path in (string[])["flows", "dashboard/_setup", "facelandmark/overlay.svg"])
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        // Socket.IO by polling: a session, the wish to connect, and its refusal.
        const string Polling = "dashboard/socket.io/?EIO=4&transport=polling";
        var opened = await _http.GetStringAsync(new Uri(Polling, UriKind.Relative), TestContext.Current.CancellationToken);
        var session = Polling + "&sid=" + (string)JsonNode.Parse(opened[1..])!["sid"]!;
        using var connect = new StringContent("40", Encoding.UTF8, "text/plain");
        await SendAsync(session, connect);
        Assert.Contains(
            "refused",
            await _http.GetStringAsync(new Uri(session, UriKind.Relative), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private static string FlowFile => Path.Combine(Repository.Root, "node-red", "flows.json");

    // What CBOR says by numbers becomes what JSON says.
    internal static JsonNode DecodeCbor(byte[] payload)
    {
        var reader = new CborReader(payload);
        return Read(reader)!;

        static JsonNode? Read(CborReader reader)
        {
            switch (reader.PeekState())
            {
                case CborReaderState.StartMap:
                    var map = new JsonObject();
                    for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap;)
                    {
                        var name = reader.ReadTextString();
                        map[name] = name == "points" ? Pairs(Read(reader)!.AsArray()) : Read(reader);
                    }

                    reader.ReadEndMap();
                    return map;
                case CborReaderState.StartArray:
                    var list = new JsonArray();
                    for (reader.ReadStartArray(); reader.PeekState() != CborReaderState.EndArray;)
                        list.Add(Read(reader));
                    reader.ReadEndArray();
                    return list;
                case CborReaderState.TextString:
                    return reader.ReadTextString();
                case CborReaderState.Boolean:
                    return reader.ReadBoolean();
                case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                    return reader.ReadInt64();
                default:
                    return reader.ReadDouble();
            }
        }
    }

    private static JsonArray Pairs(JsonArray flat) =>
        [.. Enumerable.Range(0, flat.Count / 2).Select(i => new JsonArray((long)flat[2 * i]! / 100.0, (long)flat[(2 * i) + 1]! / 100.0))];

    // A message with faces and its picture, as a node of that format publishes them.
    private async Task<(byte[] Landmarks, byte[] Picture)> RecordAsync(string format)
    {
        await using var everything = await Subscriber.StartAsync(dashboard.BrokerPort, $"facelandmark/{format}/cameras/cam0/+");
        await using var node = NodeProcess.Start(
            $"--Node:Name={format}",
            "--Mqtt:Host=127.0.0.1",
            $"--Mqtt:Port={dashboard.BrokerPort}",
            $"--Mqtt:LandmarksFormat={format}",
            "--Preview:Enabled=true"
        );
        var all = await everything.UntilAsync(message =>
            message.Topic.EndsWith("/landmarks", StringComparison.Ordinal) && message.Payload.Length > 2000
        );
        all.AddRange(await everything.UntilAsync(message => message.Topic.EndsWith("/preview", StringComparison.Ordinal)));
        return (
            all.First(message => message.Payload.Length > 2000 && message.Topic.EndsWith("/landmarks", StringComparison.Ordinal)).Payload,
            all[^1].Payload
        );
    }

    private async Task CheckAsync((byte[] Landmarks, byte[] Picture) recorded, Func<byte[], JsonNode> decode)
    {
        var faces = decode(recorded.Landmarks)["faces"]!.AsArray();
        using var landmarks = new ByteArrayContent(recorded.Landmarks);
        landmarks.Headers.ContentType = new("application/octet-stream");
        var decoded = JsonNode.Parse(await SendAsync("trial/decode", landmarks))!.AsArray();
        Assert.Equal(faces.Count, decoded.Count);
        foreach (var (face, theirs) in faces.Zip(decoded))
        {
            Assert.Equal(Flat(face!["points"]!), Flat(theirs!["points"]!), new Near());
            Assert.Equal(Flat(face["points"]!)[120..136], Flat(theirs["parts"]!["leftEye"]!), new Near()); // points 60 to 67
            Assert.Equal(Flat(face["points"]!)[^2..], Flat(theirs["parts"]!["rightPupil"]!), new Near());
            Assert.Equal((double)face["pose"]!["yaw"]!, (double)theirs["pose"]!["yaw"]!, 3);
        }

        using var both = JsonContent(
            new { landmarks = Convert.ToBase64String(recorded.Landmarks), picture = Convert.ToBase64String(recorded.Picture) }
        );
        var svg = XDocument.Parse(await SendAsync("trial/overlay", both)).Root!;
        XNamespace name = "http://www.w3.org/2000/svg";
        Assert.Equal("0 0 640 480", svg.Attribute("viewBox")!.Value);
        Assert.EndsWith(
            Convert.ToBase64String(recorded.Picture),
            svg.Element(name + "image")!.Attribute("href")!.Value,
            StringComparison.Ordinal
        );
        var circles = svg.Descendants(name + "circle")
            .SelectMany(circle => new[] { (double)circle.Attribute("cx")!, (double)circle.Attribute("cy")! });
        Assert.Equal(faces.SelectMany(face => Flat(face!["points"]!)), circles, new Near());
    }

    private async Task AddTrialsAsync()
    {
        using var tab = new StringContent(Trials, Encoding.UTF8, "application/json");
        await SendAsync("flow", tab);
    }

    private async Task<string> SendAsync(string path, HttpContent content, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        return text;
    }

    private static StringContent JsonContent(object value) => new(JsonSerializer.Serialize(value), Encoding.UTF8, "application/json");

    private static double[] Flat(JsonNode points) =>
        [.. points.AsArray().SelectMany(point => new[] { (double)point![0]!, (double)point[1]! })];

    [GeneratedRegex(@"const modes = (\[[^\]]*\])")]
    private static partial Regex Modes();

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 0.005;

        public int GetHashCode(double value) => 0;
    }
}
