using FaceLandmark.OpenInference;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FaceLandmark.Tests.Serving;

/// <summary>A server of another make, which says and answers what a test wants.</summary>
internal sealed class OddServer : GRPCInferenceService.GRPCInferenceServiceBase, IAsyncDisposable
{
    private WebApplication? _application;

    public string Url { get; private set; } = "";

    /// <summary>Spoils what it says of its model.</summary>
    public Action<ModelMetadataResponse> Metadata { get; set; } = _ => { };

    /// <summary>Spoils its answers.</summary>
    public Action<ModelInferResponse> Answer { get; set; } = _ => { };

    /// <summary>The requests it got.</summary>
    public List<ModelInferRequest> Requests { get; } = [];

    public async Task StartAsync()
    {
        var port = Ports.Free();
        Url = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddGrpc();
        builder.Services.AddSingleton(this);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2));
        _application = builder.Build();
        _application.UseRouting();
        _application.MapGrpcService<OddServer>();
        await _application.StartAsync();
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = "triton", Version = "2.50" });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ModelReadyResponse { Ready = true });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var metadata = new ModelMetadataResponse
        {
            Name = request.Name,
            Inputs = { Tensor("input0", -1, 3, 32, 32) },
            Outputs = { Tensor("landmarks", -1, 98, 2), Tensor("presence", -1, 1) },
        };
        Metadata(metadata);
        return Task.FromResult(metadata);
    }

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        lock (Requests)
            Requests.Add(request);
        var response = new ModelInferResponse
        {
            ModelName = request.ModelName,
            Id = request.Id,
            Outputs =
            {
                new ModelInferResponse.Types.InferOutputTensor
                {
                    Name = "presence",
                    Datatype = "FP32",
                    Contents = new InferTensorContents { Fp32Contents = { 2 } },
                },
                new ModelInferResponse.Types.InferOutputTensor
                {
                    Name = "landmarks",
                    Datatype = "FP32",
                    Contents = new InferTensorContents { Fp32Contents = { Enumerable.Repeat(0.5f, 196) } },
                },
            },
        };
        Answer(response);
        return Task.FromResult(response);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
    }

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(string name, params long[] shape) =>
        new()
        {
            Name = name,
            Datatype = "FP32",
            Shape = { shape },
        };
}
