using FaceLandmark.Platform;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace FaceLandmark.Diagnostics;

/// <summary>Sends the instruments of the meter to an OpenTelemetry receiver.</summary>
internal static class OtlpExport
{
    /// <summary>Begins to send where the options say so; disposing sends the last figures.</summary>
    /// <returns>Null when they say it should not.</returns>
    public static IDisposable? Start(DiagnosticsOptions options, NodeIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.OtlpEndpoint.Length == 0)
            return null;
        return Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource =>
                resource.AddService("facelandmark", serviceInstanceId: identity.Session).AddAttributes([new("host.name", identity.Name)])
            )
            .AddMeter(NodeMetrics.MeterName)
            .AddOtlpExporter(
                (exporter, reader) =>
                {
                    exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                    exporter.Endpoint = new Uri(options.OtlpEndpoint);
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.OtlpEvery.TotalMilliseconds;
                }
            )
            .Build();
    }
}
