using System.Runtime.InteropServices;
using FaceLandmark.Inference;
using FaceLandmark.OpenInference;
using FaceLandmark.Serving;
using Google.Protobuf;
using Grpc.Core;
using OpenCvSharp;

namespace FaceLandmark.Tests.Serving;

/// <summary>The inference server by gRPC.</summary>
public sealed class GrpcInferenceTests
{
    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_says_what_it_is_and_which_tensors_a_model_takes_and_gives()
    {
        await using var server = await TestServer.StartAsync();
        Assert.True((await server.Client.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: End)).Live);
        Assert.True((await server.Client.ServerReadyAsync(new ServerReadyRequest(), cancellationToken: End)).Ready);
        Assert.Equal("facelandmark", (await server.Client.ServerMetadataAsync(new ServerMetadataRequest(), cancellationToken: End)).Name);
        Assert.True((await server.Client.ModelReadyAsync(new ModelReadyRequest { Name = "stub" }, cancellationToken: End)).Ready);
        Assert.Equal("input0 FP32 1x3x32x32 -> landmarks FP32 1x98x2", await DescribeAsync(server, "stub"));
        Assert.Equal("input0 FP16 1x3x32x32 -> landmarks FP32 1x98x2", await DescribeAsync(server, "stub-fp16"));
        Assert.Equal("image UINT8 1x32x32x3 -> landmarks FP32 1x98x2", await DescribeAsync(server, "stub-raw8"));
        Assert.Equal("image BYTES 1 -> landmarks FP32 1x98x2", await DescribeAsync(server, "stub-jpeg"));
    }

    [Fact]
    public async Task An_answer_is_raw_where_the_request_was_and_typed_where_that_was()
    {
        await using var server = await TestServer.StartAsync(tensor => tensor.Output.Fill(tensor.Input[0]));
        var ones = new float[3 * 32 * 32];
        Array.Fill(ones, 0.25f);
        var raw = await server.InferAsync(
            Requests.Good(request => request.RawInputContents[0] = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(ones)))
        );
        Assert.Equal(("stub", "1", "7"), (raw.ModelName, raw.ModelVersion, raw.Id));
        Assert.Equal(
            Enumerable.Repeat(0.25f, 196),
            MemoryMarshal.Cast<byte, float>(Assert.Single(raw.RawOutputContents).Span).ToArray()
        );
        var typed = await server.InferAsync(
            Requests.Good(request =>
            {
                request.RawInputContents.Clear();
                request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { ones } };
            })
        );
        Assert.Empty(typed.RawOutputContents);
        Assert.Equal(Enumerable.Repeat(0.25f, 196), Assert.Single(typed.Outputs).Contents.Fp32Contents);
    }

    [Fact]
    public async Task Typed_contents_of_every_datatype_are_taken()
    {
        await using var server = await TestServer.StartAsync(tensor => tensor.Output.Fill(tensor.Input[0]));
        using var grey = new Mat(48, 40, MatType.CV_8UC3, new Scalar(51, 51, 51));
        var picture = ByteString.CopyFrom(grey.ToBytes(".png"));
        var contents = new Dictionary<string, (string Name, string Datatype, long[] Shape, InferTensorContents Contents)>
        {
            ["stub"] = ("input0", "FP32", [1, 3, 32, 32], new() { Fp32Contents = { Enumerable.Repeat(0.2f, 3 * 32 * 32) } }),
            ["stub-raw8"] = ("image", "UINT8", [1, 32, 32, 3], new() { UintContents = { Enumerable.Repeat(51u, 3 * 32 * 32) } }),
            ["stub-jpeg"] = ("image", "BYTES", [1], new() { BytesContents = { picture } }),
        };
        foreach (var (model, (name, datatype, shape, typed)) in contents)
        {
            var request = Requests.Good(good =>
            {
                good.ModelName = model;
                good.RawInputContents.Clear();
                (good.Inputs[0].Name, good.Inputs[0].Datatype, good.Inputs[0].Contents) = (name, datatype, typed);
                good.Inputs[0].Shape.Clear();
                good.Inputs[0].Shape.Add(shape);
            });
            var answer = await server.InferAsync(request);
            Assert.Empty(answer.RawOutputContents);
            Assert.Equal(Enumerable.Repeat(0.2f, 196), Assert.Single(answer.Outputs).Contents.Fp32Contents);
        }
    }

    public static TheoryData<string, StatusCode, string> Refusals =>
        new()
        {
            { "model", StatusCode.NotFound, "There is no model 'other' here, but stub, stub-fp16, stub-raw8, stub-jpeg." },
            { "version", StatusCode.NotFound, "The model stub has no version '2', but 1." },
            { "no input", StatusCode.InvalidArgument, "The model stub takes one input, input0 FP32 1x3x32x32, and not 0." },
            { "name", StatusCode.InvalidArgument, "The model stub has no input 'x', but input0 FP32 1x3x32x32." },
            { "shape", StatusCode.InvalidArgument, "The model stub takes input0 FP32 1x3x32x32, and not FP32 1x3x64x64." },
            { "negative", StatusCode.InvalidArgument, "The model stub takes input0 FP32 1x3x32x32, and not FP32 -1x3x32x32." },
            { "datatype", StatusCode.InvalidArgument, "The model stub takes input0 FP32 1x3x32x32, and not INT64 1x3x32x32." },
            { "short", StatusCode.InvalidArgument, "The model stub takes input0 FP32 1x3x32x32, that is 12288 bytes, and not 5." },
            { "both", StatusCode.InvalidArgument, "The input 'input0' has contents beside raw_input_contents: give one of them." },
            {
                "raw twice",
                StatusCode.InvalidArgument,
                "The request has 1 inputs and 2 raw_input_contents: give one for each input, or none."
            },
            {
                "NaN",
                StatusCode.InvalidArgument,
                "The model stub takes numbers, but the input input0 holds NaN or infinity."
            },
            { "FP16 typed", StatusCode.InvalidArgument, "Numbers of FP16 come in raw_input_contents only." },
            { "UINT8 of 256", StatusCode.InvalidArgument, "A number of UINT8 is above 255." },
            { "output", StatusCode.InvalidArgument, "The model stub has no output 'mask', but landmarks." },
            { "no jpeg", StatusCode.InvalidArgument, "'image' is not a picture; give a JPEG, PNG, BMP or WebP file." },
            {
                "frame",
                StatusCode.InvalidArgument,
                "The model stub-jpeg takes BYTES [1], one element behind its length in four bytes, and these are not that."
            },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_a_model_does_not_take_is_a_sentence(string kind, StatusCode status, string sentence)
    {
        await using var server = await TestServer.StartAsync();
        var request = Requests.Good(good => Spoil(good, kind));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.InferAsync(request));
        Assert.Equal((status, sentence), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public async Task Numbers_that_are_none_and_an_engine_that_refuses_are_the_servers_fault()
    {
        var refuses = false;
        var value = 0.5f;
        await using var server = await TestServer.StartAsync(tensor =>
        {
            tensor.Output.Fill(value);
            if (refuses)
                throw new EngineException("The device is on fire.");
        });
        value = float.NaN;
        var answer = await Assert.ThrowsAsync<RpcException>(async () => await server.InferAsync(Requests.Good()));
        Assert.Equal(StatusCode.Internal, answer.StatusCode);
        Assert.StartsWith("The model stub gave NaN or infinity", answer.Status.Detail, StringComparison.Ordinal);
        refuses = true;
        answer = await Assert.ThrowsAsync<RpcException>(async () => await server.InferAsync(Requests.Good()));
        Assert.Equal((StatusCode.Internal, "The device is on fire."), (answer.StatusCode, answer.Status.Detail));
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_the_server_goes_on()
    {
        using var open = new ManualResetEventSlim(true);
        using var entered = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(
            tensor =>
            {
                entered.Release();
                open.Wait();
                tensor.Output.Fill(0.5f);
            },
            new ServeOptions { QueueLength = 1 }
        );
        await entered.WaitAsync(End).InTimeAsync("the self-test"); // it was run when the model was loaded
        open.Reset();
        var first = server.InferAsync(Requests.Good());
        await entered.WaitAsync(End).InTimeAsync("the first request is inferred");
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.InferAsync(Requests.Good()));
        Assert.Equal(
            (StatusCode.ResourceExhausted, "1 requests wait for the model stub already: ask again later, or another server."),
            (refusal.StatusCode, refusal.Status.Detail)
        );
        open.Set();
        Assert.Equal("7", (await first.InTimeAsync()).Id);
        Assert.Equal("7", (await server.InferAsync(Requests.Good())).Id);
    }

    [Fact]
    public async Task A_server_that_stops_answers_what_is_under_way()
    {
        using var open = new ManualResetEventSlim(true);
        using var entered = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(tensor =>
        {
            entered.Release();
            open.Wait();
            tensor.Output.Fill(0.5f);
        });
        await entered.WaitAsync(End).InTimeAsync("the self-test");
        open.Reset();
        var request = server.InferAsync(Requests.Good());
        await entered.WaitAsync(End).InTimeAsync("the request is inferred");
        var stop = server.StopAsync();
        open.Set();
        Assert.Equal("7", (await request.InTimeAsync()).Id);
        await stop.InTimeAsync("the stop");
    }

    [Fact]
    public async Task A_token_is_asked_for_everywhere_but_for_health()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "secret\n", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(options: new ServeOptions { TokenFile = file });
        Assert.True((await server.Client.ServerReadyAsync(new ServerReadyRequest(), cancellationToken: End)).Ready);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.InferAsync(Requests.Good()));
        Assert.Equal((StatusCode.Unauthenticated, ServeToken.Refusal), (refusal.StatusCode, refusal.Status.Detail));
        var answer = await server.InferAsync(Requests.Good(), new Metadata { { "authorization", "Bearer secret" } });
        Assert.Equal("7", answer.Id);
        File.Delete(file);
    }

    private static void Spoil(ModelInferRequest request, string kind)
    {
        var input = request.Inputs[0];
        switch (kind)
        {
            case "model":
                request.ModelName = "other";
                break;
            case "version":
                request.ModelVersion = "2";
                break;
            case "no input":
                request.Inputs.Clear();
                request.RawInputContents.Clear();
                break;
            case "name":
                input.Name = "x";
                break;
            case "shape":
                (input.Shape[2], input.Shape[3]) = (64, 64);
                break;
            case "negative":
                input.Shape[0] = -1;
                break;
            case "datatype":
                input.Datatype = "INT64";
                break;
            case "short":
                request.RawInputContents[0] = ByteString.CopyFromUtf8("short");
                break;
            case "both":
                input.Contents = new InferTensorContents { Fp32Contents = { 1 } };
                break;
            case "raw twice":
                request.RawInputContents.Add(ByteString.Empty);
                break;
            case "NaN":
                var numbers = new float[3 * 32 * 32];
                numbers[^1] = float.NaN;
                request.RawInputContents[0] = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(numbers));
                break;
            case "FP16 typed":
                request.ModelName = "stub-fp16";
                request.RawInputContents.Clear();
                (input.Datatype, input.Contents) = ("FP16", new InferTensorContents { Fp32Contents = { new float[3 * 32 * 32] } });
                break;
            case "UINT8 of 256":
                request.ModelName = "stub-raw8";
                request.RawInputContents.Clear();
                (input.Name, input.Datatype) = ("image", "UINT8");
                input.Contents = new InferTensorContents { UintContents = { Enumerable.Repeat(256u, 3 * 32 * 32) } };
                break;
            case "output":
                request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "mask" });
                break;
            default:
                request.ModelName = "stub-jpeg";
                (input.Name, input.Datatype) = ("image", "BYTES");
                input.Shape.Clear();
                input.Shape.Add(1);
                request.RawInputContents[0] = ByteString.CopyFromUtf8(kind == "frame" ? "short" : "\u0005\0\0\0hello");
                break;
        }
    }

    private static async Task<string> DescribeAsync(TestServer server, string model)
    {
        var metadata = await server.Client.ModelMetadataAsync(new ModelMetadataRequest { Name = model }, cancellationToken: End);
        string List(IEnumerable<ModelMetadataResponse.Types.TensorMetadata> tensors) =>
            string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {tensor.Datatype} {Datatype.Shape(tensor.Shape)}"));
        return $"{List(metadata.Inputs)} -> {List(metadata.Outputs)}";
    }
}
