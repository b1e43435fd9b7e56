using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>What all parts of a node share.</summary>
internal sealed record NodeContext(
    EdgeNodeOptions Options,
    RunLimits Limits,
    NodeIdentity Identity,
    NodeMetrics Metrics,
    ILoggerFactory Loggers,
    TimeProvider Time
);
