using System.Text;
using System.Text.Json;
using FaceLandmark.Mqtt;

namespace FaceLandmark.Fleet;

/// <summary>
/// Follows every node below a base topic by what it publishes: <c>status</c>, <c>info</c>, camera states and summaries, which the broker
/// retains, and <c>stats</c>, which come every second or so. What cannot be read is passed over and counted. Thread-safe.
/// </summary>
/// <param name="baseTopic">The base topic (<c>Mqtt:BaseTopic</c>).</param>
/// <param name="time">The clock.</param>
internal sealed class FleetWatch(string baseTopic, TimeProvider time)
{
    /// <summary>Status of a node that is there.</summary>
    public const string Online = "online";

    private static readonly string[] s_topics = ["status", "info", "stats", "cameras/+/state", "cameras/+/summary"];
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _nodes = new(StringComparer.Ordinal);

    /// <summary>Messages that could not be read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>When the last message came that told something new about a node: a time stamp of the clock.</summary>
    public long LastNews { get; private set; } = time.GetTimestamp();

    /// <summary>What to listen to.</summary>
    public IReadOnlyList<Subscription> Subscriptions =>
        [
            .. s_topics.Select(topic => new Subscription(
                $"{baseTopic}/+/{topic}",
                Take,
                false,
                [],
                0
            )),
        ];

    /// <summary>Takes a message.</summary>
    public void Take(InboundMessage message)
    {
        var levels = message.Topic[(baseTopic.Length + 1)..].Split('/');
        var heardAt = message.Retained ? null : (DateTimeOffset?)time.GetUtcNow();
        lock (_lock)
        {
            if (levels is [_, "status"] && message.Payload.IsEmpty)
            {
                _nodes.Remove(levels[0]); // somebody cleared away a node that is no more
                return;
            }

            var isKnown = _nodes.TryGetValue(levels[0], out var node);
            if (node is null)
                _nodes[levels[0]] = node = new Watched(levels[0], _began);
            try
            {
                node.Take(levels, message.Payload, heardAt);
            }
            catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
            {
                Unreadable++;
            }

            // These two come all the time from a node with faces before its camera.
            if (!isKnown || message.Retained || levels[^1] is not ("stats" or "summary"))
                LastNews = time.GetTimestamp();
        }
    }

    /// <summary>All nodes, what is wrong first.</summary>
    public IReadOnlyList<FleetNode> Snapshot()
    {
        var now = time.GetUtcNow();
        lock (_lock)
            return
            [
                .. _nodes
                    .Values.Select(node => node.At(now))
                    .OrderBy(node => node.Status == "offline" ? 0 : node.Problems.Count > 0 ? 1 : node.Status == Online ? 2 : 3)
                    .ThenBy(node => node.Node, StringComparer.Ordinal),
            ];
    }

    // What a broker retains of a node may be all that is left of both: a member of a cluster that dies takes the last wills with it. So a
    // node that is never heard is silent from the beginning.
    private sealed class Watched(string name, DateTimeOffset began)
    {
        // A node says how it is every second by itself (Diagnostics:StatsEvery); a minute of silence is one.
        private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);
        private readonly SortedDictionary<string, FleetCamera> _cameras = new(StringComparer.Ordinal);
        private string _status = "unknown";
        private string? _session;
        private string? _version;
        private string? _model;
        private string? _dispatch;
        private string? _failed;
        private double? _fpsIn;
        private double? _fpsOut;
        private double? _latency;
        private double? _latency99;
        private long? _dropped;
        private DateTimeOffset? _lastWord;
        private DateTimeOffset _heard = began;

        public void Take(string[] levels, ReadOnlyMemory<byte> payload, DateTimeOffset? heardAt)
        {
            if (heardAt is { } heard)
            {
                _heard = heard;
                Said(heard);
            }

            if (levels is [_, "status"])
            {
                _status = Encoding.UTF8.GetString(payload.Span);
                return;
            }

            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            _session = TextOf(root, "session") ?? _session;
            switch (levels)
            {
                case [_, "info"]:
                    TakeInfo(root);
                    break;
                case [_, "stats"]:
                    TakeStats(root);
                    break;
                case [_, "cameras", var camera, "state"]:
                    var (state, cause) = (TextOf(root, "state"), TextOf(root, "cause"));
                    _cameras[camera] = CameraOf(camera) with { State = state, Cause = cause };
                    SaidAt(root, "since");
                    break;
                case [_, "cameras", var camera, "summary"]:
                    var (faces, fps) = (NumberOf(root, "count"), NumberOf(root, "fps"));
                    _cameras[camera] = CameraOf(camera) with { Faces = (int?)faces, Fps = fps };
                    SaidAt(root, "at");
                    break;
                default:
                    break;
            }
        }

        public FleetNode At(DateTimeOffset now) =>
            new(
                name,
                _status,
                [.. Problems(now)],
                _session,
                _version,
                _model,
                _dispatch,
                _fpsIn,
                _fpsOut,
                _latency,
                _latency99,
                _dropped,
                _lastWord,
                _lastWord is { } word ? Math.Max(0, Math.Round((now - word).TotalSeconds, 1)) : null,
                [.. _cameras.Values]
            );

        private IEnumerable<string> Problems(DateTimeOffset now)
        {
            if (_status == "offline")
                yield return "The node is gone without a goodbye.";
            if (_status != Online)
                yield break;
            if (_failed is { } failed)
                yield return $"The engine {failed} has failed.";
            foreach (var camera in _cameras.Values)
                if (camera.State is "failed" or "stalled" or "unplugged")
                    yield return $"Camera {camera.Name} is {camera.State}{(camera.Cause is { } cause ? $": {cause}" : ".")}";
            if (now - _heard > s_silence)
                yield return $"The node has said nothing for {(int)(now - _heard).TotalSeconds} s.";
        }

        private void TakeInfo(JsonElement info)
        {
            if (info.TryGetProperty("software", out var software))
                _version = TextOf(software, "version");
            if (info.TryGetProperty("dispatch", out var dispatch))
                (_dispatch, _failed) = (TextOf(dispatch, "mode"), TextOf(dispatch, "failed"));
            else
                (_dispatch, _failed) = (null, null);
            if (info.TryGetProperty("engines", out var engines))
                foreach (var engine in engines.EnumerateArray().Take(1))
                    _model = engine.TryGetProperty("model", out var model) ? TextOf(model, "name") : null;
            if (info.TryGetProperty("cameras", out var cameras))
            {
                var names = cameras.EnumerateArray().Select(camera => TextOf(camera, "name")).OfType<string>().ToHashSet();
                foreach (var gone in _cameras.Keys.Where(known => !names.Contains(known)).ToList())
                    _cameras.Remove(gone);
                foreach (var camera in names)
                    _cameras[camera] = CameraOf(camera);
            }

            SaidAt(info, "started");
        }

        private void TakeStats(JsonElement stats)
        {
            if (stats.TryGetProperty("fps", out var fps))
                (_fpsIn, _fpsOut) = (NumberOf(fps, "in"), NumberOf(fps, "out"));
            if (stats.TryGetProperty("endToEnd", out var latency))
                (_latency, _latency99) = (NumberOf(latency, "p50"), NumberOf(latency, "p99"));
            if (stats.TryGetProperty("drops", out var drops))
                _dropped = drops.EnumerateObject().Sum(place => place.Value.EnumerateObject().Sum(reason => reason.Value.GetInt64()));
            SaidAt(stats, "at");
        }

        private FleetCamera CameraOf(string camera) =>
            _cameras.TryGetValue(camera, out var known) ? known : new FleetCamera(camera, null, null, null, null);

        private void SaidAt(JsonElement json, string key)
        {
            if (json.TryGetProperty(key, out var at) && at.ValueKind == JsonValueKind.String)
                Said(at.GetDateTimeOffset());
        }

        private void Said(DateTimeOffset at) => _lastWord = _lastWord is { } last && last > at ? last : at;

        private static string? TextOf(JsonElement json, string key) =>
            json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        private static double? NumberOf(JsonElement json, string key) =>
            json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }
}
