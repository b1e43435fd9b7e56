using System.Net;
using System.Net.Sockets;
using FaceLandmark.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Web;

/// <summary>The <see cref="HealthPages"/> at a port of their own.</summary>
internal static class HttpEndpoint
{
    /// <summary>Listens where the options say so.</summary>
    /// <returns>What ends it; null when they say it should not.</returns>
    /// <exception cref="EndpointException">The port cannot be had.</exception>
    public static async Task<IAsyncDisposable?> StartAsync(DiagnosticsOptions options, HealthPages pages, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.HttpPort == 0)
            return null;

        // On loopback only programs of this machine are meant, and no web page under a name that points here.
        var guard = IPAddress.IsLoopback(IPAddress.Parse(options.HttpAddress)) ? new RequestGuard("") : null;
        try
        {
            var server = await HttpServer.StartAsync(
                options.HttpAddress,
                options.HttpPort,
                loggers,
                application => application.Run(context => AnswerAsync(context, pages, guard))
            );
            loggers.CreateLogger(typeof(HttpEndpoint)).EndpointStarted(HttpServer.Url(options.HttpAddress, options.HttpPort));
            return server;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new EndpointException(
                $"The node cannot listen on {options.HttpAddress}:{options.HttpPort} ({failure.Message}): "
                    + "set Diagnostics:HttpPort to a free port, or Diagnostics:HttpAddress to an address of this machine.",
                failure
            );
        }
    }

    private static Task AnswerAsync(HttpContext context, HealthPages pages, RequestGuard? guard)
    {
        if (guard?.Knows(context.Request.Host) == false)
            return HttpServer.SayAsync(
                context,
                StatusCodes.Status421MisdirectedRequest,
                "This port answers only to this machine's own names and addresses."
            );
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return HttpServer.SayAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET.");
        return pages.Answer(context)
            ?? HttpServer.SayAsync(context, StatusCodes.Status404NotFound, "This port serves /health and /metrics.");
    }
}
