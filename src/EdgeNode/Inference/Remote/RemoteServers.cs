using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FaceLandmark.ModelCards;
using FaceLandmark.OpenInference;
using FaceLandmark.Platform;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Inference.Remote;

/// <summary>
/// The servers of the engine <c>remote</c>. A request goes to the one with the fewest requests under way, in turns among equals. One that
/// fails is passed over until it says that its model is ready; when all of them are, they are tried all the same. Thread-safe.
/// </summary>
internal sealed class RemoteServers : IDisposable
{
    private static readonly TimeSpan s_probeEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_resolveEvery = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly List<RemoteServer> _servers = [];
    private readonly ModelCard _card;
    private readonly RemoteOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _model;
    private readonly X509Certificate2Collection? _authorities;
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;
    private long _choices;
    private volatile string _token = "";

    /// <summary>Finds the servers and asks each what it is.</summary>
    /// <param name="card">The model expected there.</param>
    /// <param name="options">Where they are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told which come and go.</param>
    /// <exception cref="EngineException">No server answers, or one has another model.</exception>
    public RemoteServers(ModelCard card, RemoteOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(options);
        (_card, _options, _time, _logger, _model) = (card, options, time, logger, options.ModelFor(card.Name));
        _authorities = options.Tls.CaFile.Length > 0 ? ReadAuthorities(options.Tls.CaFile) : null;
        try
        {
            ReadToken();
            foreach (var url in options.Servers() ?? throw new EngineException("Engines:Remote:Url has no address."))
                Add(url, Resolve(url));
            Meet();
            _watching = Task.Run(WatchAsync);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Name and version of the first server that answered.</summary>
    public string Server { get; private set; } = "";

    /// <summary>Whether it says that the device of its model is imitated.</summary>
    public bool IsEmulated { get; private set; }

    /// <summary>The addresses, for people.</summary>
    public string Addresses
    {
        get
        {
            lock (_lock)
                return string.Join(", ", _servers.Select(server => $"{server.Url.Scheme}://{server.Url.Authority}").Distinct());
        }
    }

    /// <summary>Infers one face: one try at one server, and a second one at another where there is one.</summary>
    /// <param name="fill">Makes the request for what a server's model takes.</param>
    /// <param name="read">Takes the answer; a sentence says what is wrong with it.</param>
    /// <exception cref="EngineException">Both tries failed; the message is the second one's.</exception>
    public async Task InferAsync(Func<RemoteContract, ModelInferRequest> fill, Func<RemoteContract, ModelInferResponse, string?> read)
    {
        RemoteServer? failed = null;
        for (var isFirst = true; ; isFirst = false)
        {
            var server = Choose(failed);
            string fault;
            var mayHelp = true;
            try
            {
                var contract = server.Contract ??= await AskAsync(server).ConfigureAwait(false);
                var answer = await server.InferAsync(fill(contract), How()).ConfigureAwait(false);
                if (read(contract, answer) is not { } wrong)
                    return;
                fault = $"The inference server {server.Name} gave a wrong answer: {wrong}.";
            }
            catch (RpcException failure) when (!_stop.IsCancellationRequested)
            {
                fault = RemoteTrouble.Explain(failure, server.Name, _model, _options);
                mayHelp = failure.StatusCode != StatusCode.InvalidArgument;
                if (failure.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
                    ReadToken();
                if (RemoteTrouble.IsServers(failure.StatusCode))
                    PassOver(server, fault);
            }
            catch (RpcException)
            {
                throw new EngineException("the engine is closed");
            }
            catch (EngineException reason)
            {
                fault = reason.Message;
                PassOver(server, fault);
            }
            finally
            {
                lock (_lock)
                    server.UnderWay--;
            }

            if (!isFirst || !mayHelp)
                throw new EngineException(fault);
            failed = server;
        }
    }

    /// <summary>Cancels what is under way; later requests fail.</summary>
    public void GiveUp() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        lock (_lock)
        {
            foreach (var server in _servers)
                server.Dispose();
        }
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new EngineException($"Engines:Remote:Tls:CaFile {path} cannot be read ({reason.Message}): give a PEM file.", reason);
        }
    }

    private CallOptions How()
    {
        var token = _token;
        var headers = token.Length > 0 ? new Metadata { { "authorization", "Bearer " + token } } : null;
        return new CallOptions(headers, _time.GetUtcNow().UtcDateTime + _options.Deadline, _stop.Token);
    }

    private void ReadToken()
    {
        if (_options.TokenFile.Length == 0)
            return;
        try
        {
            _token = TokenFile.Read(_options.TokenFile);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"Engines:Remote:TokenFile {_options.TokenFile} cannot be read: {reason.Message}", reason);
        }
    }

    private RemoteServer Choose(RemoteServer? except)
    {
        lock (_lock)
        {
            var chosen = _servers
                .OrderBy(server => server == except)
                .ThenBy(server => server.Fault is not null)
                .ThenBy(server => server.UnderWay)
                .ThenBy(server => server.ChosenAt)
                .First();
            chosen.ChosenAt = ++_choices;
            chosen.UnderWay++;
            return chosen;
        }
    }

    private void PassOver(RemoteServer server, string fault)
    {
        lock (_lock)
        {
            var isNew = server.Fault is null;
            server.Fault = fault;
            if (!isNew || _servers.Count == 1)
                return; // of a single one every frame tells
        }

        _logger.ServerPassedOver(server.Name, fault);
    }

    // Several addresses of a name are several servers; a single one is left to each connection, for it may change.
    private static IPAddress?[] Resolve(Uri url)
    {
        IPAddress?[] unresolved = [null];
        if (url.HostNameType != UriHostNameType.Dns || url.IsLoopback)
            return unresolved;
        try
        {
            var addresses = Dns.GetHostAddresses(url.DnsSafeHost);
            return addresses.Length > 1 ? addresses : unresolved;
        }
        catch (SocketException)
        {
            return unresolved; // what the first call says is clearer
        }
    }

    private void Add(Uri url, IPAddress?[] addresses)
    {
        foreach (var address in addresses)
            _servers.Add(new RemoteServer(url, address, _options, _authorities));
    }

    private void Meet()
    {
        var faults = Task.WhenAll(_servers.Select(MeetAsync)).GetAwaiter().GetResult();
        if (faults.All(fault => fault is not null))
            throw new EngineException(string.Join(" ", faults.Distinct()));
    }

    // A server that is away may come later; one with another model is a mistake in the settings.
    private async Task<string?> MeetAsync(RemoteServer server)
    {
        try
        {
            server.Contract = await AskAsync(server).ConfigureAwait(false);
            return null;
        }
        catch (RpcException failure)
        {
            return server.Fault = RemoteTrouble.Explain(failure, server.Name, _model, _options);
        }
    }

    private async Task<RemoteContract> AskAsync(RemoteServer server)
    {
        var about = await server.DescribeAsync(How()).ConfigureAwait(false);
        var metadata = await server.DescribeModelAsync(_model, _options.Version, How()).ConfigureAwait(false);
        var contract = RemoteContract.Read(metadata, _card, _options.Encoding, $"The model {_model} of the inference server {server.Name}");
        lock (_lock)
        {
            if (Server.Length == 0)
                Server = PublicText.Shown($"{about.Name} {about.Version}".TrimEnd());
            IsEmulated |= metadata.Properties.TryGetValue("emulated", out var emulated) && emulated == "true";
        }

        return contract;
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_probeEvery, _time);
        var resolvedAt = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                List<RemoteServer> failed;
                lock (_lock)
                    failed = [.. _servers.Where(server => server.Fault is not null)];
                await Task.WhenAll(failed.Select(ProbeAsync)).ConfigureAwait(false);
                if (_time.GetElapsedTime(resolvedAt) < s_resolveEvery)
                    continue;
                resolvedAt = _time.GetTimestamp();
                Renew();
            }
        }
        catch (OperationCanceledException)
        {
            // The engine is closed.
        }
    }

    private async Task ProbeAsync(RemoteServer server)
    {
        try
        {
            server.Contract = await AskAsync(server).ConfigureAwait(false);
            lock (_lock)
                server.Fault = null;
            _logger.ServerIsBack(server.Name);
        }
        catch (RpcException failure)
        {
            if (failure.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
                ReadToken();
        }
        catch (EngineException reason)
        {
            lock (_lock)
                server.Fault = reason.Message;
        }
        catch (ObjectDisposedException)
        {
            // The engine is closed, or the address is none of the name's any more.
        }
    }

    // Names may stand for other addresses after a while.
    private void Renew()
    {
        foreach (var url in _options.Servers()!)
        {
            var addresses = Resolve(url);
            if (addresses is [null])
                continue;
            lock (_lock)
            {
                var known = _servers.Where(server => server.Url == url).ToList();
                Add(url, [.. addresses.Except(known.Select(server => server.Address))]);
                foreach (var gone in known.Where(server => !addresses.Contains(server.Address) && server.UnderWay == 0))
                {
                    _servers.Remove(gone);
                    gone.Dispose();
                }
            }
        }
    }
}
