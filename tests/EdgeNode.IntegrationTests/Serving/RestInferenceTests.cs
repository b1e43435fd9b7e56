using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using FaceLandmark.Serving;

namespace FaceLandmark.Tests.Serving;

/// <summary>The inference server by REST.</summary>
public sealed class RestInferenceTests
{
    private const string Infer = "v2/models/stub/infer";

    [Fact]
    public async Task Health_models_and_metadata_are_there()
    {
        await using var server = await TestServer.StartAsync();
        var end = TestContext.Current.CancellationToken;
        string[] paths = ["v2/health/live", "v2/health/ready", "v2/models/stub/ready", "v2/models/stub/versions/1/ready", "health"];
        foreach (var path in paths)
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(path, end)).StatusCode);
        var about = (await server.Http.GetFromJsonAsync<JsonNode>("v2", end))!;
        Assert.Equal("facelandmark", (string)about["name"]!);
        Assert.Contains("binary_tensor_data", about["extensions"]!.AsArray().Select(extension => (string)extension!));
        var models = (await server.Http.GetFromJsonAsync<JsonNode>("v2/models", end))!["models"]!.AsArray();
        Assert.Equal(["stub", "stub-fp16", "stub-raw8", "stub-jpeg"], models.Select(model => (string)model!));
        var index = await (await server.Http.PostAsync("v2/repository/index", null, end)).Content.ReadFromJsonAsync<JsonNode>(end);
        Assert.Equal("READY", (string)index![0]!["state"]!);
        var model = (await server.Http.GetFromJsonAsync<JsonNode>("v2/models/stub", end))!;
        Assert.Equal("""[{"name":"input0","datatype":"FP32","shape":[1,3,32,32]}]""", model["inputs"]!.ToJsonString());
        Assert.Equal("""[{"name":"landmarks","datatype":"FP32","shape":[1,98,2]}]""", model["outputs"]!.ToJsonString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tensor_in_JSON_flat_or_nested_is_inferred(bool isNested)
    {
        await using var server = await TestServer.StartAsync(tensor => tensor.Output.Fill(tensor.Input[^1]));
        var numbers = Enumerable.Repeat("0.25", 32 * 32);
        var rows = numbers.Chunk(32).Select(row => $"[{string.Join(',', row)}]");
        var plane = isNested ? $"[{string.Join(',', rows)}]" : string.Join(',', numbers);
        var data = isNested ? $"[[{plane},{plane},{plane}]]" : $"[{plane},{plane},{plane}]";
        var (status, answer) = await PostAsync(server, Infer, Body(data));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("stub", "1", "7"), ((string)answer["model_name"]!, (string)answer["model_version"]!, (string)answer["id"]!));
        Assert.Equal("[1,98,2]", answer["outputs"]![0]!["shape"]!.ToJsonString());
        Assert.Equal(Enumerable.Repeat(0.25f, 196), answer["outputs"]![0]!["data"]!.AsArray().Select(value => (float)value!));
    }

    [Fact]
    public async Task Tensors_come_and_go_binary()
    {
        await using var server = await TestServer.StartAsync(tensor => tensor.Output.Fill(tensor.Input[^1]));
        var numbers = new float[3 * 32 * 32];
        Array.Fill(numbers, 0.75f);
        var json = Encoding.UTF8.GetBytes(
            $$$"""
            {"inputs":[{"name":"input0","datatype":"FP32","shape":[1,3,32,32],"parameters":{"binary_data_size":{{{Requests.Bytes}}}}}],
             "outputs":[{"name":"landmarks","parameters":{"binary_data":true}}]}
            """
        );
        using var content = new ByteArrayContent([.. json, .. MemoryMarshal.AsBytes<float>(numbers)]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using var answer = await server.Http.PostAsync(Infer, content, TestContext.Current.CancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var length = int.Parse(answer.Headers.GetValues("Inference-Header-Content-Length").Single(), null);
        var output = JsonNode.Parse(bytes.AsSpan(0, length))!["outputs"]![0]!;
        Assert.Equal(784, (int)output["parameters"]!["binary_data_size"]!);
        Assert.Equal(Enumerable.Repeat(0.75f, 196), MemoryMarshal.Cast<byte, float>(bytes.AsSpan(length)).ToArray());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_body_is_read_as_far_as_it_is_allowed_to_grow(string encoding)
    {
        await using var server = await TestServer.StartAsync(tensor => tensor.Output.Fill(tensor.Input[^1]));
        var numbers = string.Join(',', Enumerable.Repeat("0.25", 3 * 32 * 32));
        foreach (
            var (text, status) in new[]
            {
                (Body($"[{numbers}]"), HttpStatusCode.OK),
                (new string(' ', InferenceServer.RequestBytesAtMost + 1), HttpStatusCode.RequestEntityTooLarge),
            }
        )
        {
            using var compressed = new MemoryStream();
            await using (
                Stream to =
                    encoding == "gzip"
                        ? new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
                        : new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            )
                await to.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
            using var content = new ByteArrayContent(compressed.ToArray());
            content.Headers.ContentEncoding.Add(encoding);
            using var answer = await server.Http.PostAsync(Infer, content, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }

        using var plain = new ByteArrayContent("{}"u8.ToArray());
        plain.Headers.ContentEncoding.Add(encoding);
        using var refusal = await server.Http.PostAsync(Infer, plain, TestContext.Current.CancellationToken);
        var error = (await refusal.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["error"];
        Assert.StartsWith($"The request cannot be read: it is not {encoding} (", (string)error!, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, HttpStatusCode, string> Refusals =>
        new()
        {
            { "v2/models/other/infer", "{}", HttpStatusCode.NotFound, "There is no model 'other' here, but stub" },
            { "v2/models/stub/versions/3/infer", "{}", HttpStatusCode.NotFound, "The model stub has no version '3', but 1." },
            { Infer, "{", HttpStatusCode.BadRequest, "The request is not the JSON of the protocol: " },
            { Infer, "[]", HttpStatusCode.BadRequest, "The request is not the JSON of the protocol: " },
            { Infer, "", HttpStatusCode.BadRequest, "The request cannot be read: it has no body." },
            { Infer, "{}", HttpStatusCode.BadRequest, "The request cannot be read: it lacks 'inputs'." },
            {
                Infer,
                """{"inputs":[{"name":"input0","datatype":"FP32","shape":[1]}]}""",
                HttpStatusCode.BadRequest,
                "The request cannot be read: it lacks 'data' in an input or output."
            },
            {
                "v2/models/stub-jpeg/infer",
                """{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":["%%%"]}]}""",
                HttpStatusCode.BadRequest,
                "The request cannot be read: an element of BYTES is not base64."
            },
            { Infer, Body("[NaN]"), HttpStatusCode.BadRequest, "The request is not the JSON of the protocol: 'N' is an invalid start" },
            {
                "v2/repository/models/stub/load",
                "{}",
                HttpStatusCode.MethodNotAllowed,
                "Models are loaded when the server starts: set Serve:Models and start it again."
            },
            { Infer, """{"inputs":[]}""", HttpStatusCode.BadRequest, "The model stub takes one input, input0 FP32 1x3x32x32, and not 0." },
            {
                Infer,
                Body("[1,2,3]"),
                HttpStatusCode.BadRequest,
                "The model stub takes input0 FP32 1x3x32x32, that is 12288 bytes, and not 12."
            },
            { Infer, Body("[1,\"two\"]"), HttpStatusCode.BadRequest, "The request is not the JSON of the protocol: " },
            { Infer, Body("[1e99]"), HttpStatusCode.BadRequest, "" },
            {
                Infer,
                Body("[]", "INT64"),
                HttpStatusCode.BadRequest,
                "The request cannot be read: tensors of 'INT64' cannot come as JSON."
            },
            {
                Infer,
                """{"inputs":[{"name":"input0","datatype":"FP32","shape":[1,3,32,32],"parameters":{"binary_data_size":12288}}]}""",
                HttpStatusCode.BadRequest,
                "The request cannot be read: binary_data_size is 12288, but 0 bytes follow the JSON"
            },
            { "v2/models/stub/config", "", HttpStatusCode.MethodNotAllowed, "Only GET." },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_be_answered_is_a_sentence(string path, string body, HttpStatusCode status, string sentence)
    {
        await using var server = await TestServer.StartAsync();
        var (actual, answer) = await PostAsync(server, path, body);
        Assert.Equal(status, actual);
        Assert.StartsWith(sentence, (string)answer["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_sends_too_much_gets_an_answer_and_not_a_broken_connection()
    {
        await using var server = await TestServer.StartAsync();
        var (status, answer) = await PostAsync(server, Infer, new string(' ', InferenceServer.RequestBytesAtMost + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("The request cannot be read (it is larger than 16 MiB).", (string)answer["error"]!);
    }

    [Fact]
    public async Task A_token_is_asked_for_and_foreign_names_are_refused()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "secret", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(options: new ServeOptions { TokenFile = file });
        File.Delete(file);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(server, Infer, "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("metrics", TestContext.Current.CancellationToken)).StatusCode);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(server, Infer, "{}")).Status);
        server.Http.DefaultRequestHeaders.Host = "evil.example";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await PostAsync(server, Infer, "{}")).Status);
    }

    [Fact]
    public async Task Figures_count_what_was_asked_for_and_no_names_that_clients_make_up()
    {
        await using var server = await TestServer.StartAsync();
        await server.InferAsync(Requests.Good());
        await PostAsync(server, Infer, """{"inputs":[]}""");
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await server.InferAsync(Requests.Good(request => request.ModelName = "made-up"))
        );
        var figures = await server.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        Assert.Contains("requests_total{model=\"stub\",protocol=\"grpc\",result=\"ok\"} 1\n", figures, StringComparison.Ordinal);
        Assert.Contains("{model=\"stub\",protocol=\"rest\",result=\"invalid\"} 1\n", figures, StringComparison.Ordinal);
        Assert.Contains("{model=\"\",protocol=\"grpc\",result=\"notFound\"} 1\n", figures, StringComparison.Ordinal);
        Assert.Contains("facelandmark_serve_under_way{model=\"stub\"} 0\n", figures, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up", figures, StringComparison.Ordinal);
    }

    private static string Body(string data, string datatype = "FP32") =>
        $$$"""{"id":"7","inputs":[{"name":"input0","datatype":"{{{datatype}}}","shape":[1,3,32,32],"data":{{{data}}}}]}""";

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> PostAsync(TestServer server, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!);
    }
}
