using System.Text;
using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Inference;
using FaceLandmark.Models;
using FaceLandmark.OpenInference;
using FaceLandmark.Pipeline;
using FaceLandmark.Serving;
using FaceLandmark.Tests.Inference;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Testing;
using OpenCvSharp;
using Input = FaceLandmark.OpenInference.ModelInferRequest.Types.InferInputTensor;

namespace FaceLandmark.Tests.Fuzz;

/// <summary>
/// The requests that <c>serve</c> reads, over both protocols and for each form of a model: whatever comes is answered, or refused as a bad
/// request; nothing is a fault of the server.
/// </summary>
[Trait("Category", "reliability")]
public sealed class ServeFuzzTests : IDisposable
{
    private const int Size = 16;
    private const int Right = 6; // those of the corpus that every server answers, at least
    private static readonly byte[] s_tensor = new byte[3 * Size * Size * sizeof(float)];
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
    private readonly FakeLogCollector _log = new();
    private readonly ServedModels _models = new(new ServeOptions(), new PicturesOptions());
    private readonly InferenceDesk _desk;
    private readonly byte[] _jpeg;
    private int _answered;

    public ServeFuzzTests()
    {
        new TinyOnnx(Size, TinyOnnx.Circle(98)).Save(Path.Combine(_folder, "tiny.onnx"));
        File.WriteAllText(Path.Combine(_folder, "tiny.json"), $$"""{"name":"tiny","file":"tiny.onnx","inputSize":{{Size}}}""");
        var card = new ModelCatalogue(new ModelsOptions { Folder = _folder }).Find("tiny");
        _models.Add(EngineFactory.OpenNetwork(card, new EnginesOptions()));
        _desk = new InferenceDesk(_models, TimeProvider.System, new FakeLogger<InferenceDesk>(_log));
        using var picture = new Mat(20, 24, MatType.CV_8UC3, Scalar.All(90));
        _jpeg = picture.ToBytes(".jpg");
    }

    public void Dispose()
    {
        _models.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Requests_over_REST()
    {
        var rest = new RestInference(_desk, new ServeToken(""), null);
        var zeros = string.Join(',', Enumerable.Repeat("0", s_tensor.Length / sizeof(float)));
        var long80 = new string('x', 79) + "\U0001F600";
        string[] names = ["tiny", "tiny-fp16", "tiny-raw8", "tiny-jpeg"];
        NearlyRight.Refuse(
            [
                Rest("tiny", $$"""{"id":"7","inputs":[{"name":"input0","datatype":"FP32","shape":[1,3,16,16],"data":[{{zeros}}]}]}"""),
                Rest("tiny", $$"""{"inputs":[{"name":"{{long80}}","datatype":"FP32","shape":[1],"data":[0]}],"outputs":[{"name":"x"}]}"""),
                Rest("tiny", Binary("input0", "FP32", "[1,3,16,16]", s_tensor.Length), s_tensor),
                Rest("tiny", Binary("input0", "FP32", "[1,3,16,16]", s_tensor.Length), Huge()),
                Rest("tiny-fp16", Binary("input0", "FP16", "[1,3,16,16]", s_tensor.Length / 2), s_tensor[..(s_tensor.Length / 2)]),
                Rest("tiny-raw8", $$"""{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,16,16,3],"data":[{{zeros}}]}]}"""),
                Rest(
                    "tiny-jpeg",
                    $$"""{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":["{{Convert.ToBase64String(_jpeg)}}"]}]}"""
                ),
                Rest("tiny-jpeg", Binary("image", "BYTES", "[1]", Framed().Length), Framed()),
            ],
            file =>
            {
                // The first line names the model and the length of the JSON, where tensors follow; the rest is the body.
                var end = Array.IndexOf(file, (byte)'\n') is >= 0 and var found ? found : file.Length;
                var line = Encoding.UTF8.GetString(file.AsSpan(0, end)).Split(' ');
                var context = new DefaultHttpContext();
                context.Request.Method = HttpMethods.Post;
                context.Request.Path = $"/v2/models/{(names.Contains(line[0]) ? line[0] : names[end % names.Length])}/infer";
                if (line.Length > 1)
                    context.Request.Headers[RestRequest.HeaderLength] = line[1];
                context.Request.Body = new MemoryStream(file, Math.Min(end + 1, file.Length), Math.Max(0, file.Length - end - 1));
                var answer = new MemoryStream();
                context.Response.Body = answer;
                rest.AnswerAsync(context).GetAwaiter().GetResult();
                Assert.Contains(context.Response.StatusCode, (int[])[StatusCodes.Status200OK, StatusCodes.Status400BadRequest]);
                _answered += context.Response.StatusCode == StatusCodes.Status200OK ? 1 : 0;
                var isText = !int.TryParse(context.Response.Headers[RestRequest.HeaderLength], null, out var length);
                using var json = JsonDocument.Parse(answer.GetBuffer().AsMemory(0, isText ? (int)answer.Length : length));
                IsNoFault();
            }
        );
        Assert.InRange(_answered, Right, int.MaxValue);
    }

    [Fact]
    public void Requests_over_gRPC()
    {
        var service = new GrpcInference(_desk, new ServeToken(""));
        NearlyRight.Refuse(
            [
                Grpc("tiny", "input0", "FP32", [1, 3, Size, Size], ByteString.CopyFrom(s_tensor)),
                Grpc("tiny-fp16", "input0", "FP16", [1, 3, Size, Size], ByteString.CopyFrom(s_tensor[..(s_tensor.Length / 2)])),
                Grpc("tiny-raw8", "image", "UINT8", [1, Size, Size, 3], ByteString.CopyFrom(s_tensor[..(s_tensor.Length / 4)])),
                Grpc("tiny-jpeg", "image", "BYTES", [1], ByteString.CopyFrom(Framed())),
                Grpc("tiny", "input0", "FP32", [1, 3, Size, Size], contents: new() { Fp32Contents = { new float[s_tensor.Length / 4] } }),
                Grpc("tiny-raw8", "image", "UINT8", [1, Size, Size, 3], contents: new() { UintContents = { new uint[3 * Size * Size] } }),
                Grpc("tiny-jpeg", "image", "BYTES", [1], contents: new() { BytesContents = { ByteString.CopyFrom(_jpeg) } }),
            ],
            file =>
            {
                ModelInferRequest request;
                try
                {
                    request = ModelInferRequest.Parser.ParseFrom(file);
                }
                catch (InvalidProtocolBufferException)
                {
                    return; // gRPC itself refuses it
                }

                try
                {
                    service.ModelInfer(request, new NoCall()).GetAwaiter().GetResult().ToByteArray();
                    _answered++;
                }
                catch (RpcException refusal)
                {
                    Assert.Contains(refusal.StatusCode, (StatusCode[])[StatusCode.InvalidArgument, StatusCode.NotFound]);
                }

                IsNoFault();
            }
        );
        Assert.InRange(_answered, Right, int.MaxValue);
    }

    private void IsNoFault()
    {
        if (_log.Count > 0)
            Assert.Fail($"{_log.LatestRecord.Message} {_log.LatestRecord.Exception}");
    }

    // Their sum is infinite.
    private static byte[] Huge() => [.. Enumerable.Repeat(BitConverter.GetBytes(3e38f), 3 * Size * Size).SelectMany(bytes => bytes)];

    private byte[] Framed() => [.. BitConverter.GetBytes(_jpeg.Length), .. _jpeg];

    private static string Binary(string name, string datatype, string shape, int bytes) =>
        $$$"""
        {"inputs":[{"name":"{{{name}}}","datatype":"{{{datatype}}}","shape":{{{shape}}},"parameters":{"binary_data_size":{{{bytes}}}}}],
        "outputs":[{"name":"landmarks","parameters":{"binary_data":true}}],"parameters":{"binary_data_output":false}}
        """;

    private static byte[] Rest(string model, string json, byte[]? tensor = null)
    {
        var text = Encoding.UTF8.GetBytes(json);
        return [.. Encoding.UTF8.GetBytes($"{model}{(tensor is null ? "" : $" {text.Length}")}\n"), .. text, .. tensor ?? []];
    }

    private static byte[] Grpc(
        string model,
        string name,
        string datatype,
        long[] shape,
        ByteString? raw = null,
        InferTensorContents? contents = null
    )
    {
        var request = new ModelInferRequest
        {
            ModelName = model,
            Id = "7",
            Inputs =
            {
                new Input
                {
                    Name = name,
                    Datatype = datatype,
                    Shape = { shape },
                    Contents = contents,
                },
            },
        };
        if (raw is not null)
            request.RawInputContents.Add(raw);
        return request.ToByteArray();
    }

    /// <summary>What a method needs to know of a call whose client has no headers.</summary>
    private sealed class NoCall : ServerCallContext
    {
        protected override string MethodCore => "ModelInfer";

        protected override string HostCore => "";

        protected override string PeerCore => "";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
            throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
