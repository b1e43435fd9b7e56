using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FaceLandmark.Inference;
using FaceLandmark.Web;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Serving;

/// <summary>Served models at two ports: gRPC (HTTP/2) and REST (HTTP/1.1 and, encrypted, HTTP/2).</summary>
internal sealed class InferenceServer : IAsyncDisposable
{
    /// <summary>Name of the server in its metadata.</summary>
    public const string Name = "facelandmark";

    /// <summary>Bytes of a request at most: pictures, and tensors written as JSON.</summary>
    public const int RequestBytesAtMost = 16 << 20;

    // Clients send a whole request before they look whether there is an answer: what is too large is read to its end, as far as this, so
    // that they see the sentence and not a broken connection.
    private const int ReadAtMost = 4 * RequestBytesAtMost;
    private const int ConnectionsAtMost = 1024;
    private static readonly TimeSpan s_headersWithin = TimeSpan.FromSeconds(10);
    private readonly WebApplication _application;
    private readonly HealthServiceImpl _health;
    private readonly InferenceDesk _desk;
    private readonly ILogger _logger;

    private InferenceServer(WebApplication application, HealthServiceImpl health, InferenceDesk desk, ILogger logger) =>
        (_application, _health, _desk, _logger) = (application, health, desk, logger);

    /// <summary>What it can do besides the protocol itself.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["binary_tensor_data"];

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        (
            typeof(InferenceServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"
        ).Split('+')[0];

    /// <summary>Listens.</summary>
    /// <param name="options">Where.</param>
    /// <param name="models">What is served; they stay the caller's.</param>
    /// <param name="drainFor">How long requests under way may take once it stops.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The program's loggers.</param>
    /// <exception cref="EndpointException">A port cannot be had.</exception>
    /// <exception cref="EngineException">Certificate or token cannot be read.</exception>
    public static async Task<InferenceServer> StartAsync(
        ServeOptions options,
        ServedModels models,
        TimeSpan drainFor,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(models);
        var logger = loggers.CreateLogger<InferenceServer>();
        var (desk, token, health) = (new InferenceDesk(models, time, logger), new ServeToken(options.TokenFile), new HealthServiceImpl());
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving);
        var address = IPAddress.Parse(options.Address);
        void Add(IServiceCollection services) => services.AddSingleton(desk).AddSingleton(token).AddSingleton(health);
        var application = Build(options, address, drainFor, loggers, Add);
        try
        {
            var rest = new RestInference(desk, token, IPAddress.IsLoopback(address) ? new RequestGuard("") : null);
            application.UseRouting();
            application.MapGrpcService<GrpcInference>();
            application.MapGrpcService<HealthServiceImpl>();
            application.MapFallback(rest.AnswerAsync);
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            if (failure is not (IOException or SocketException))
                throw;
            throw new EndpointException(
                $"The server cannot listen on {options.Address}, ports {options.HttpPort} and {options.GrpcPort} ({failure.Message}): "
                    + "set Serve:HttpPort and Serve:GrpcPort to free ports, or Serve:Address to an address of this machine.",
                failure
            );
        }

        var scheme = options.CertificateFile.Length > 0 ? "https" : "http";
        logger.Serving(
            string.Join(", ", models.All.Select(model => model.Name)),
            $"{scheme}://{options.Address}:{options.GrpcPort}",
            options.HttpPort == 0 ? "no port" : $"{scheme}://{options.Address}:{options.HttpPort}/v2"
        );
        if (token.IsOpen && !IPAddress.IsLoopback(address))
            logger.OpenToAll(options.Address);
        return new InferenceServer(application, health, desk, logger);
    }

    /// <summary>What was answered.</summary>
    public ServeFigures Figures => _desk.Figures;

    /// <summary>Says that it is not ready any more, answers what is under way, and stops.</summary>
    public async Task StopAsync()
    {
        _desk.Stop();
        _health.SetStatus("", HealthCheckResponse.Types.ServingStatus.NotServing);
        _logger.Draining(_desk.UnderWay);
        await _application.StopAsync().ConfigureAwait(false);
        _logger.Stopped(_desk.Figures.Requests);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(
        ServeOptions options,
        IPAddress address,
        TimeSpan drainFor,
        ILoggerFactory loggers,
        Action<IServiceCollection> add
    )
    {
        var certificate = options.CertificateFile.Length > 0 ? ReadCertificate(options) : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainFor);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = RequestBytesAtMost);
        add(builder.Services);
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxConcurrentConnections = ConnectionsAtMost;
                kestrel.Limits.MaxRequestBodySize = ReadAtMost;
                kestrel.Limits.RequestHeadersTimeout = s_headersWithin;
                // A tensor in one go: with the usual windows its end would wait for a word from here.
                kestrel.Limits.Http2.InitialStreamWindowSize = 2 << 20;
                kestrel.Limits.Http2.InitialConnectionWindowSize = 16 << 20;
                kestrel.Listen(address, options.GrpcPort, listen => Configure(listen, HttpProtocols.Http2, certificate));
                if (options.HttpPort > 0)
                    kestrel.Listen(
                        address,
                        options.HttpPort,
                        listen => Configure(listen, certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2, certificate)
                    );
            });
        return builder.Build();
    }

    private static void Configure(ListenOptions listen, HttpProtocols protocols, X509Certificate2? certificate)
    {
        listen.Protocols = protocols;
        if (certificate is not null)
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate });
    }

    private static X509Certificate2 ReadCertificate(ServeOptions options)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(
                options.CertificateFile,
                options.KeyFile.Length > 0 ? options.KeyFile : options.CertificateFile
            );
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new EngineException(
                $"Serve:CertificateFile {options.CertificateFile} or its key cannot be read ({reason.Message}): give PEM files.",
                reason
            );
        }
    }

    // Signals are the program's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
