using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Web;

/// <summary>
/// One Kestrel at one address, without configuration files, environment variables or signals of its own; it logs through the node's logger.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    // An idle connection costs a few kilobytes; what is upgraded to a WebSocket does not count.
    private const int ConnectionsAtMost = 1024;
    private const int HeaderBytesAtMost = 16 * 1024;
    private static readonly TimeSpan s_headersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_idleAtMost = TimeSpan.FromSeconds(10); // Kestrel's own is 130 s
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(1);
    private readonly WebApplication _application;

    private HttpServer(WebApplication application) => _application = application;

    /// <summary>Listens.</summary>
    /// <param name="address">An IP address of this machine.</param>
    /// <param name="port">The port.</param>
    /// <param name="loggers">The node's loggers.</param>
    /// <param name="configure">Says how requests are answered.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is none of this machine's, or the port is not allowed.</exception>
    public static async Task<HttpServer> StartAsync(string address, int port, ILoggerFactory loggers, Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" }
        );
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_stopWithin);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxConcurrentConnections = ConnectionsAtMost;
                kestrel.Limits.MaxRequestBodySize = 0;
                kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesAtMost;
                kestrel.Limits.RequestHeadersTimeout = s_headersWithin;
                kestrel.Limits.KeepAliveTimeout = s_idleAtMost;
                kestrel.Listen(IPAddress.Parse(address), port);
            });
        var application = builder.Build();
        try
        {
            configure(application);
            await application.StartAsync();
            return new HttpServer(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address for people; the machine's name where all of its addresses are meant.</summary>
    public static string Url(string address, int port) =>
        new UriBuilder("http", address is "0.0.0.0" or "::" ? Environment.MachineName : address, port).Uri.AbsoluteUri;

    /// <summary>Answers a request with a sentence.</summary>
    public static Task SayAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n");
    }

    /// <summary>Ends all requests and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    // Signals are the node's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
