using System.Text.Json;
using FaceLandmark.Diagnostics;
using FaceLandmark.Health;
using FaceLandmark.Mqtt;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Web;

/// <summary>
/// Two pages for machines: <c>/health</c> (200 while all is well, otherwise 503, and why, as JSON) and <c>/metrics</c> for Prometheus.
/// Nothing can be changed through them.
/// </summary>
internal sealed class HealthPages(NodeHealth health, NodeMetrics metrics)
{
    /// <summary>Answers a request.</summary>
    /// <returns>Null when it is for neither.</returns>
    public Task? Answer(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        switch (context.Request.Path.Value)
        {
            case "/health":
                var now = health.Describe();
                return Write(
                    context,
                    now.Status == HealthReport.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
                    MessageJson.ContentType,
                    JsonSerializer.Serialize(now, HealthJson.Default.HealthReport)
                );
            case "/metrics":
                return Write(
                    context,
                    StatusCodes.Status200OK,
                    PrometheusText.ContentType,
                    PrometheusText.Write(metrics.Snapshot(), health.IsOnline, health.Flags)
                );
            default:
                return null;
        }
    }

    private static Task Write(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }
}
