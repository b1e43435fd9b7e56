using System.Collections.Concurrent;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Health;

/// <summary>The health of the node, for the command <c>health</c> and the endpoint <c>/health</c>. Thread-safe.</summary>
internal sealed class NodeHealth(
    NodeIdentity identity,
    NodeMetrics metrics,
    Func<LinkState> link,
    Func<EngineInfo> engine,
    IDispatchControl dispatch,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<string, CameraStatus> _cameras = new();
    private readonly long _started = time.GetTimestamp();

    /// <summary>What is wrong with the outbox, a sentence; null while all is well or there is none.</summary>
    public Func<string?> OutboxTrouble { get; init; } = static () => null;

    /// <summary>Whether the broker is connected.</summary>
    public bool IsOnline => link() is LinkState.Online or LinkState.Draining;

    /// <summary>Whether frames are to be expected: at least one camera says that it streams.</summary>
    public bool IsStreaming => _cameras.Values.Any(camera => camera.Condition == CameraCondition.Streaming);

    /// <summary>What is wrong, a sentence each; empty while all is well.</summary>
    public IReadOnlyList<string> Troubles =>
        [
            .. IsOnline ? [] : (string[])["There is no connection to the broker."],
            .. OutboxTrouble() is { } outbox ? [outbox] : (string[])[],
            .. _cameras
                .Values.Where(IsInTrouble)
                .OrderBy(camera => camera.Camera, StringComparer.Ordinal)
                .Select(camera => $"{camera.Camera}: {camera.Cause}"),
            .. dispatch.Status.Failed is { } failed ? [failed] : (string[])[],
        ];

    /// <summary>The same as flags; what has no connection to the broker is <see cref="IsOnline"/>.</summary>
    public TroubleFlags Flags =>
        new(
            new SortedDictionary<string, bool>(_cameras.ToDictionary(camera => camera.Key, camera => IsInTrouble(camera.Value))),
            dispatch.Status.Failed is not null,
            OutboxTrouble() is not null
        );

    /// <summary>A camera's state changed.</summary>
    public void Follow(CameraStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        _cameras[status.Camera] = status;
    }

    private static bool IsInTrouble(CameraStatus camera) =>
        camera.Condition is CameraCondition.Stalled or CameraCondition.Unplugged or CameraCondition.Failed
        || (camera.Condition == CameraCondition.Ended && camera.Source?.IsLive == true);

    /// <summary>All of it.</summary>
    public HealthReport Describe()
    {
        var troubles = Troubles;
        var stats = metrics.Snapshot();
        var info = engine();
        return new HealthReport(
            troubles.Count == 0 ? HealthReport.Ok : "degraded",
            troubles,
            identity.Name,
            identity.Session,
            Math.Round(time.GetElapsedTime(_started).TotalSeconds, 1),
            link().Word(),
            _cameras
                .OrderBy(camera => camera.Key, StringComparer.Ordinal)
                .ToDictionary(camera => camera.Key, camera => camera.Value.Condition.Word()),
            dispatch.Status.Mode.Word(),
            info.Name,
            info.Model.Name,
            Math.Round(stats.FpsOut, 2),
            Math.Round(stats.EndToEnd.P50, 2),
            stats.Drops.Values.Sum(place => place.Values.Sum()),
            stats.MemoryBytes
        );
    }
}
