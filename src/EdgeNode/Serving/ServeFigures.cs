using System.Collections.Concurrent;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Serving;

/// <summary>What the server has answered, counted, and as Prometheus reads it. Thread-safe.</summary>
internal sealed class ServeFigures
{
    private const int Window = 1024;
    private readonly ConcurrentDictionary<(string Model, string Protocol, string Result), long> _requests = new();
    private readonly ConcurrentDictionary<string, RollingWindow> _times = new();
    private long _all;

    /// <summary>Requests so far.</summary>
    public long Requests => Interlocked.Read(ref _all);

    /// <summary>An inference was answered.</summary>
    /// <param name="model">The model; empty: there is none of that name, for names that clients make up must not pile up here.</param>
    /// <param name="protocol">"grpc" or "rest".</param>
    /// <param name="result">"ok", or why not.</param>
    /// <param name="milliseconds">How long it took.</param>
    public void Count(string model, string protocol, string result, double milliseconds)
    {
        Interlocked.Increment(ref _all);
        _requests.AddOrUpdate((model, protocol, result), 1, (_, count) => count + 1);
        if (result == "ok")
            _times.GetOrAdd(model, _ => new RollingWindow(Window)).Add(milliseconds);
    }

    /// <summary>All figures.</summary>
    public string Write(ServedModels models, bool isReady)
    {
        ArgumentNullException.ThrowIfNull(models);
        var text = new PrometheusWriter();
        text.One("facelandmark_serve_ready", "gauge", "1 while requests are taken.", isReady ? 1 : 0);
        text.Head("facelandmark_serve_requests_total", "counter", "Inferences asked for, by model, protocol and result.");
        foreach (var ((model, protocol, result), count) in _requests.OrderBy(entry => entry.Key))
            text.Line("facelandmark_serve_requests_total", count, ("model", model), ("protocol", protocol), ("result", result));
        text.Head("facelandmark_serve_seconds", "gauge", "Time of an inference from the request to the answer, over the last ones.");
        foreach (var (model, window) in _times.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            text.Quantiles("facelandmark_serve_seconds", window.Percentiles(), ("model", model));
        text.Head("facelandmark_serve_under_way", "gauge", "Requests that a network has at once, waiting ones included.");
        foreach (var model in models.All.Where(model => model.Input.Datatype == OpenInference.Datatype.Fp32))
            text.Line("facelandmark_serve_under_way", model.Network.UnderWay, ("model", model.Name));
        text.One("facelandmark_memory_bytes", "gauge", "Resident memory.", ProcessUsage.ResidentBytes);
        return text.ToString();
    }
}
