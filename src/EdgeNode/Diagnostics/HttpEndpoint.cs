using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FaceLandmark.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Diagnostics;

/// <summary>
/// Two pages for machines: <c>/health</c> (200 while all is well, otherwise 503, and why, as JSON) and <c>/metrics</c> for Prometheus. Nothing can be changed
/// through it.
/// </summary>
public sealed class HttpEndpoint : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly NodeHealth _health;
    private readonly NodeMetrics _metrics;
    private readonly ILogger _logger;

    private HttpEndpoint(string address, NodeHealth health, NodeMetrics metrics, ILogger logger)
    {
        (_health, _metrics, _logger) = (health, metrics, logger);
        _listener.Prefixes.Add(address);
        _listener.Start();
        logger.EndpointStarted(address);
        _ = ServeAsync();
    }

    /// <summary>Listens where the options say so.</summary>
    /// <returns>Null when they say it should not.</returns>
    /// <exception cref="EndpointException">The port can't be had.</exception>
    public static HttpEndpoint? Start(DiagnosticsOptions options, NodeHealth health, NodeMetrics metrics, ILogger<HttpEndpoint> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.HttpPort == 0)
            return null;
        var host = IPAddress.Parse(options.HttpAddress) switch
        {
            var any when any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any) => "*",
            { AddressFamily: AddressFamily.InterNetworkV6 } six => $"[{six}]",
            var four => four.ToString(),
        };
        try
        {
            return new HttpEndpoint(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{options.HttpPort}/"), health, metrics, logger);
        }
        catch (Exception failure) when (failure is HttpListenerException or SocketException)
        {
            throw new EndpointException(
                $"{options.HttpAddress}:{options.HttpPort} can't be listened at ({failure.Message}): set Diagnostics:HttpPort to a free port, or Diagnostics:HttpAddress to an address of this machine.", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext request;
            try
            {
                request = await _listener.GetContextAsync();
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return; // closed
            }

            try
            {
                await AnswerAsync(request);
            }
#pragma warning disable CA1031 // an edge: no caller may end the endpoint
            catch (Exception broken)
#pragma warning restore CA1031
            {
                _logger.RequestBroken(request.Request.Url?.AbsolutePath ?? "", broken.Message);
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        var isRead = context.Request.HttpMethod is "GET" or "HEAD";
        var (status, type, text) = context.Request.Url?.AbsolutePath switch
        {
            _ when !isRead => (405, "text/plain", "Only GET.\n"),
            "/health" => Health(),
            "/metrics" => (200, PrometheusText.ContentType, PrometheusText.Write(_metrics.Snapshot(), _health.IsOnline)),
            _ => (404, "text/plain", "There are /health and /metrics.\n"),
        };
        response.StatusCode = status;
        response.ContentType = type;
        var body = Encoding.UTF8.GetBytes(text);
        response.ContentLength64 = body.Length;
        if (context.Request.HttpMethod != "HEAD")
            await response.OutputStream.WriteAsync(body);
    }

    private (int Status, string Type, string Text) Health()
    {
        var health = _health.Describe();
        return ((string)health["status"]! == "ok" ? 200 : 503, MessageJson.ContentType, health.ToJsonString());
    }
}
