using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FaceLandmark.OpenInference;
using Grpc.Core;
using Grpc.Net.Client;

namespace FaceLandmark.Inference.Remote;

/// <summary>One server at one address, its connection and how it is. Kept by <see cref="RemoteServers"/>.</summary>
internal sealed class RemoteServer : IDisposable
{
    private static readonly TimeSpan s_pingEvery = TimeSpan.FromSeconds(10);
    private readonly GrpcChannel _channel;
    private readonly GRPCInferenceService.GRPCInferenceServiceClient _client;

    /// <summary>A connection that is made with the first call.</summary>
    /// <param name="url">The address as it was given.</param>
    /// <param name="address">An IP address of its name; null: the name is resolved with each connection.</param>
    /// <param name="options">How it is encrypted.</param>
    /// <param name="authorities">Who may have signed its certificate; null: those the system trusts.</param>
    public RemoteServer(Uri url, IPAddress? address, RemoteOptions options, X509Certificate2Collection? authorities)
    {
        (Url, Address) = (url, address);
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = s_pingEvery, // a server that is gone without a word is noticed between frames, too
            KeepAlivePingTimeout = s_pingEvery,
            ConnectTimeout = options.Deadline,
            UseProxy = false,
        };
        EndPoint place = address is null ? new DnsEndPoint(url.DnsSafeHost, url.Port) : new IPEndPoint(address, url.Port);
        handler.ConnectCallback = async (_, cancel) => await ConnectAsync(place, cancel);
        if (authorities is not null)
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
        if (authorities is not null)
            handler.SslOptions.CertificateChainPolicy!.CustomTrustStore.AddRange(authorities);
        // The name that is called is the one that the certificate must bear; where it is, is the callback's.
        var called = options.Tls.ServerName.Length > 0 ? new UriBuilder(url) { Host = options.Tls.ServerName }.Uri : url;
        _channel = GrpcChannel.ForAddress(called, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _client = new GRPCInferenceService.GRPCInferenceServiceClient(_channel);
    }

    /// <summary>The address as it was given.</summary>
    public Uri Url { get; }

    /// <summary>The IP address, where the name has several; otherwise null.</summary>
    public IPAddress? Address { get; }

    /// <summary>For people.</summary>
    public string Name => Address is null ? $"{Url.Scheme}://{Url.Authority}" : $"{Url.Scheme}://{Url.Authority} ({Address})";

    /// <summary>What its model takes and gives; null: it has not been asked yet.</summary>
    public RemoteContract? Contract { get; set; }

    /// <summary>Why it is passed over, in a sentence; null: it is well.</summary>
    public string? Fault { get; set; }

    /// <summary>When it was last chosen, as a count of choices.</summary>
    public long ChosenAt { get; set; }

    /// <summary>Requests under way.</summary>
    public int UnderWay { get; set; }

    /// <summary>One inference.</summary>
    /// <exception cref="RpcException">It failed, or was too late.</exception>
    public async Task<ModelInferResponse> InferAsync(ModelInferRequest request, CallOptions how) =>
        await _client.ModelInferAsync(request, how).ConfigureAwait(false);

    /// <summary>What the server is.</summary>
    /// <exception cref="RpcException">It failed, or was too late.</exception>
    public async Task<ServerMetadataResponse> DescribeAsync(CallOptions how) =>
        await _client.ServerMetadataAsync(new ServerMetadataRequest(), how).ConfigureAwait(false);

    /// <summary>What its model takes and gives, once it is ready.</summary>
    /// <exception cref="RpcException">It failed, was too late, or is not ready.</exception>
    public async Task<ModelMetadataResponse> DescribeModelAsync(string model, string version, CallOptions how)
    {
        var ready = await _client.ModelReadyAsync(new ModelReadyRequest { Name = model, Version = version }, how).ConfigureAwait(false);
        if (!ready.Ready)
            throw new RpcException(new Status(StatusCode.Unavailable, $"the model {model} is not ready"));
        return await _client.ModelMetadataAsync(new ModelMetadataRequest { Name = model, Version = version }, how).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private static async Task<Stream> ConnectAsync(EndPoint place, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
