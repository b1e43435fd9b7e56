using System.Net.Sockets;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Web;

/// <summary>
/// The live page, for any number of browsers: its files (<c>wwwroot</c>), <c>/mqtt</c> to the broker, <c>/node.json</c> and
/// <c>/broker.json</c> (why it cannot be reached), and the <see cref="HealthPages"/>. The node does not need it: it starts beside the
/// pipeline, and a port that is taken is a warning.
/// </summary>
internal sealed class LivePage : IAsyncDisposable
{
    // No script, style or connection but the page's own; nobody may frame it; nothing is guessed or told.
    private static readonly (string Name, string Value)[] s_headers =
    [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    private const string NeedsToken =
        "The node's broker needs the page's token: open the page at the address with ?token= that the node logs, "
            + "or with the token of Web:Token.";

    private readonly WebOptions _options;
    private readonly HealthPages _health;
    private readonly BrokerBridge _bridge;
    private readonly RequestGuard _guard;
    private readonly FaultFold _foreignHosts;
    private readonly FaultFold _foreignPages;
    private readonly FaultFold _tokenless;
    private readonly Func<byte[]> _node;
    private readonly PageToken _token;
    private readonly ILogger<LivePage> _logger;
    private readonly Task<HttpServer?> _server;

    private LivePage(
        WebOptions options,
        MqttOptions mqtt,
        Func<byte[]> node,
        HealthPages health,
        BrokerBridge bridge,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        (_options, _health, _bridge, _guard) = (options, health, bridge, new RequestGuard(options.Hosts));
        // None may hide another.
        (_foreignHosts, _foreignPages, _tokenless) = (new FaultFold(time), new FaultFold(time), new FaultFold(time));
        _logger = loggers.CreateLogger<LivePage>();
        _node = node;
        _token = new PageToken(options, isOwnBroker: mqtt.Host.Length == 0);
        _server = Task.Run(() => ListenAsync(loggers));
    }

    /// <summary>Begins to serve it, and does not wait for that.</summary>
    /// <param name="options">Where, and who may.</param>
    /// <param name="mqtt">The broker's options.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="link">The node's connection to it, which knows what version it speaks.</param>
    /// <param name="health">Served, too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Log the address.</param>
    /// <returns>Null when the options want no page.</returns>
    internal static LivePage? Start(
        WebOptions options,
        MqttOptions mqtt,
        BrokerSettings broker,
        MqttLink link,
        HealthPages health,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Port == 0)
            return null;
        var bridge = new BrokerBridge(new BrokerLine(mqtt, broker), time, loggers.CreateLogger<LivePage>());
        return new LivePage(options, mqtt, () => NodeJson(mqtt, broker.Node, link), health, bridge, time, loggers);
    }

    /// <summary>Ends all viewers' connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await _server is { } server)
            await server.DisposeAsync();
    }

    private async Task<HttpServer?> ListenAsync(ILoggerFactory loggers)
    {
        try
        {
            var server = await HttpServer.StartAsync(_options.Address, _options.Port, loggers, Configure);
            var url = HttpServer.Url(_options.Address, _options.Port);
            if (_token.IsMade)
                _logger.PageNeedsToken($"{url}?token={_token.Value}");
            else
                _logger.PageStarted(url);
            return server;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            _logger.PageNotServed(_options.Address, _options.Port, failure.Message);
            return null;
        }
    }

    private void Configure(WebApplication application)
    {
        application.Use(GuardAsync);
        application.UseWebSockets();
        application.Use(
            (context, next) =>
                context.Request.Path.Value switch
                {
                    "/mqtt" => BridgeAsync(context, application.Lifetime.ApplicationStopping),
                    "/node.json" => TellAsync(context, _node()),
                    "/broker.json" => TellBrokerAsync(context),
                    _ => _health.Answer(context) ?? next(context),
                }
        );
        application.UseDefaultFiles();
        application.UseStaticFiles(
            new StaticFileOptions
            {
                // Small files, checked against their tag each time: a new version of the node shows its own page.
                OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
            }
        );
        application.Run(static context =>
            HttpServer.SayAsync(context, StatusCodes.Status404NotFound, "There is no such file: the live page is at /.")
        );
    }

    private Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        foreach (var (name, value) in s_headers)
            context.Response.Headers[name] = value;
        context.Response.Headers.CacheControl = "no-store";
        if (!_guard.Knows(context.Request.Host))
        {
            return RefuseAsync(
                context,
                _foreignHosts,
                StatusCodes.Status421MisdirectedRequest,
                "The live page answers only to this machine's own names and addresses: use one of those, "
                    + "or add the name that you used to Web:Hosts."
            );
        }

        if (_token.TryKeep(context))
            return Task.CompletedTask;
        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? next(context)
            : HttpServer.SayAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET.");
    }

    private Task BridgeAsync(HttpContext context, CancellationToken stop) =>
        !_token.IsBroughtBy(context.Request) ? RefuseAsync(context, _tokenless, StatusCodes.Status403Forbidden, NeedsToken)
        : context.WebSockets.IsWebSocketRequest && !RequestGuard.IsOwn(context.Request.Headers.Origin, context.Request.Host)
            ? RefuseAsync(
                context,
                _foreignPages,
                StatusCodes.Status403Forbidden,
                "Only the live page itself may connect here, and this request comes from another page."
            )
        : _bridge.AnswerAsync(context, stop);

    private Task RefuseAsync(HttpContext context, FaultFold refusals, int status, string sentence)
    {
        lock (refusals)
            if (refusals.ShouldReport(out var count))
                _logger.RequestRefused(context.Request.Path, sentence, count);
        return HttpServer.SayAsync(context, status, sentence);
    }

    private static async Task TellAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = MessageJson.ContentType;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private async Task TellBrokerAsync(HttpContext context)
    {
        var trouble = _token.IsBroughtBy(context.Request) ? await _bridge.TroubleAsync(context.RequestAborted) : NeedsToken;
        await TellAsync(context, MessageJson.ToBytes(new BrokerAnswer(trouble), WebJson.Default.BrokerAnswer));
    }

    private static byte[] NodeJson(MqttOptions options, string node, MqttLink link) =>
        MessageJson.ToBytes(new NodeAnswer(node, options.BaseTopic, link.IsVersion5 ? 5 : 4), WebJson.Default.NodeAnswer);

    /// <summary>What the page must know before it can ask the broker.</summary>
    internal sealed record NodeAnswer(string Node, string Base, int MqttVersion);

    /// <summary>Why the page does not get to the broker, a sentence; null while it does.</summary>
    internal sealed record BrokerAnswer(string? Trouble);
}
