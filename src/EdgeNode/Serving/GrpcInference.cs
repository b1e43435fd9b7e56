using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FaceLandmark.OpenInference;
using FaceLandmark.Platform;
using Google.Protobuf;
using Grpc.Core;
using Input = FaceLandmark.OpenInference.ModelInferRequest.Types.InferInputTensor;
using Tensor = FaceLandmark.OpenInference.ModelMetadataResponse.Types.TensorMetadata;

namespace FaceLandmark.Serving;

/// <summary>The Open Inference Protocol over gRPC.</summary>
internal sealed class GrpcInference(InferenceDesk desk, ServeToken token) : GRPCInferenceService.GRPCInferenceServiceBase
{
    /// <inheritdoc/>
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    /// <inheritdoc/>
    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = desk.IsReady });

    /// <inheritdoc/>
    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context)
    {
        Guard(context);
        return Task.FromResult(
            new ServerMetadataResponse
            {
                Name = InferenceServer.Name,
                Version = InferenceServer.Version,
                Extensions = { InferenceServer.Extensions },
            }
        );
    }

    /// <inheritdoc/>
    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        Guard(context);
        Find(request.Name, request.Version);
        return Task.FromResult(new ModelReadyResponse { Ready = desk.IsReady });
    }

    /// <inheritdoc/>
    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        Guard(context);
        var model = Find(request.Name, request.Version);
        return Task.FromResult(
            new ModelMetadataResponse
            {
                Name = model.Name,
                Versions = { ServedModel.Version },
                Platform = model.Platform,
                Inputs = { Describe(model.Input) },
                Outputs = { model.Outputs.Select(Describe) },
                Properties = { model.Properties.ToDictionary() },
            }
        );
    }

    /// <inheritdoc/>
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        Guard(context);
        try
        {
            var (model, outputs) = await desk.InferAsync(
                    "grpc",
                    request.ModelName,
                    request.ModelVersion,
                    () => Inputs(request),
                    [.. request.Outputs.Select(output => output.Name)],
                    context.CancellationToken
                )
                .ConfigureAwait(false);
            var response = new ModelInferResponse
            {
                ModelName = model.Name,
                ModelVersion = ServedModel.Version,
                Id = request.Id,
            };
            foreach (var output in outputs)
                Add(response, output, isRaw: request.RawInputContents.Count > 0);
            return response;
        }
        catch (ServingException reason)
        {
            throw Refused(reason);
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "Nobody waits for the answer any more."));
        }
    }

    private static RpcException Refused(ServingException reason) =>
        new(
            new Status(
                reason.Fault switch
                {
                    ServingFault.Invalid => StatusCode.InvalidArgument,
                    ServingFault.NotFound => StatusCode.NotFound,
                    ServingFault.Exhausted => StatusCode.ResourceExhausted,
                    ServingFault.Stopping => StatusCode.Unavailable,
                    _ => StatusCode.Internal,
                },
                reason.Message
            )
        );

    private void Guard(ServerCallContext context)
    {
        if (!token.IsBroughtBy(context.RequestHeaders.GetValue("authorization")))
            throw new RpcException(new Status(StatusCode.Unauthenticated, ServeToken.Refusal));
    }

    private ServedModel Find(string name, string version)
    {
        try
        {
            return desk.Models.Find(name, version);
        }
        catch (ServingException reason)
        {
            throw Refused(reason);
        }
    }

    private static Tensor Describe(ServedTensor tensor) =>
        new()
        {
            Name = tensor.Name,
            Datatype = tensor.Datatype,
            Shape = { tensor.Shape },
        };

    private static List<InputTensor> Inputs(ModelInferRequest request)
    {
        var raw = request.RawInputContents;
        if (raw.Count > 0 && raw.Count != request.Inputs.Count)
            throw new ServingException(
                ServingFault.Invalid,
                $"The request has {request.Inputs.Count} inputs and {raw.Count} raw_input_contents: give one for each input, or none."
            );
        return
        [
            .. request.Inputs.Select(
                (input, index) =>
                    new InputTensor(input.Name, input.Datatype, input.Shape, raw.Count > 0 ? Raw(input, raw[index]) : Contents(input))
            ),
        ];
    }

    private static ReadOnlyMemory<byte> Raw(Input input, ByteString raw) =>
        input.Contents is null || input.Contents.CalculateSize() == 0
            ? raw.Memory
            : throw new ServingException(
                ServingFault.Invalid,
                $"The input '{PublicText.Shown(input.Name[..Math.Min(80, input.Name.Length)])}' has contents beside raw_input_contents: "
                    + "give one of them."
            );

    private static ReadOnlyMemory<byte> Contents(Input input)
    {
        switch (input.Datatype)
        {
            case Datatype.Fp32:
                return MemoryMarshal.AsBytes<float>((input.Contents?.Fp32Contents.ToArray() ?? []).AsSpan()).ToArray();
            case Datatype.UInt8:
                var numbers = input.Contents?.UintContents;
                return numbers?.Any(number => number > byte.MaxValue) == true
                    ? throw new ServingException(ServingFault.Invalid, "A number of UINT8 is above 255.")
                    : numbers?.Select(number => (byte)number).ToArray() ?? [];
            case Datatype.Bytes:
                using (var framed = new MemoryStream())
                {
                    var length = new byte[sizeof(int)];
                    foreach (var element in input.Contents?.BytesContents ?? [])
                    {
                        BinaryPrimitives.WriteInt32LittleEndian(length, element.Length);
                        framed.Write(length);
                        element.WriteTo(framed);
                    }

                    return framed.ToArray();
                }
            case Datatype.Fp16:
                throw new ServingException(ServingFault.Invalid, "Numbers of FP16 come in raw_input_contents only.");
            default:
                return ReadOnlyMemory<byte>.Empty; // the model says what it takes
        }
    }

    private static void Add(ModelInferResponse response, OutputTensor output, bool isRaw)
    {
        var tensor = new ModelInferResponse.Types.InferOutputTensor
        {
            Name = output.Name,
            Datatype = Datatype.Fp32,
            Shape = { output.Shape },
        };
        if (isRaw)
            response.RawOutputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(output.Values.Span)));
        else
            tensor.Contents = new InferTensorContents { Fp32Contents = { output.Values.ToArray() } };
        response.Outputs.Add(tensor);
    }
}
