using FaceLandmark.Capture;
using FaceLandmark.Inference;
using FaceLandmark.OpenInference;
using FaceLandmark.Preprocess;
using FaceLandmark.Serving;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Serving;

/// <summary>An inference server within the process of the tests.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly ServedModels _models;
    private readonly InferenceServer _server;
    private readonly GrpcChannel _channel;

    private TestServer(ServeOptions options, ServedModels models, InferenceServer server)
    {
        (Options, _models, _server) = (options, models, server);
        _channel = GrpcChannel.ForAddress(GrpcUrl);
        Client = new GRPCInferenceService.GRPCInferenceServiceClient(_channel);
        Http.BaseAddress = new Uri($"http://127.0.0.1:{options.HttpPort}/");
    }

    public ServeOptions Options { get; }

    public string GrpcUrl => $"http://127.0.0.1:{Options.GrpcPort}";

    public GRPCInferenceService.GRPCInferenceServiceClient Client { get; }

    public HttpClient Http { get; } = new();

    public ServeFigures Figures => _server.Figures;

    /// <summary>Serves networks, which it takes over.</summary>
    public static async Task<TestServer> StartAsync(ServeOptions options, params LandmarkNetwork[] networks)
    {
        options = options with { HttpPort = Ports.Free(), GrpcPort = Ports.Free() };
        var models = new ServedModels(options, new PicturesOptions());
        foreach (var network in networks)
            models.Add(network);
        var server = await InferenceServer.StartAsync(
            options,
            models,
            TimeSpan.FromSeconds(30),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        return new TestServer(options, models, server);
    }

    /// <summary>Serves a stub whose points all are <c>0.5</c>, or what the test says.</summary>
    public static Task<TestServer> StartAsync(Action<FaceTensor>? run = null, ServeOptions? options = null) =>
        StartAsync(options ?? new ServeOptions(), StubNetwork.Open("stub", run ?? (tensor => tensor.Output.Fill(0.5f))));

    public async Task<ModelInferResponse> InferAsync(ModelInferRequest request, Metadata? headers = null) =>
        await Client.ModelInferAsync(request, headers, cancellationToken: TestContext.Current.CancellationToken);

    public Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _server.DisposeAsync();
        _models.Dispose();
    }
}
