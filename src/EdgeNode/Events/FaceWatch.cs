using System.Collections.Frozen;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Events;

/// <summary>
/// Keeps each camera's retained summary up to date, at most twice a second, and tells what happens to its faces. A frame that changes
/// nothing costs no memory. When a camera delivers nothing, `present` is false. Thread-safe.
/// </summary>
internal sealed class FaceWatch : IResultPublisher
{
    private static readonly TimeSpan s_summaryEvery = TimeSpan.FromSeconds(0.5);
    private readonly MqttLink _link;
    private readonly MqttTopics _topics;
    private readonly NodeIdentity _identity;
    private readonly EventsOptions _options;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, Scene> _scenes;
    private long _told;

    /// <summary>Watches all cameras; their summaries say at once that nobody is there yet, whatever an earlier start left.</summary>
    public FaceWatch(MqttLink link, MqttTopics topics, NodeIdentity identity, EventsOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(topics);
        (_link, _topics, _identity, _options, _time) = (link, topics, identity, options, time);
        _scenes = topics.Cameras.ToFrozenDictionary(camera => camera, camera => new Scene(this, camera));
        foreach (var scene in _scenes.Values)
            scene.Summarise(default, time.GetUtcNow());
    }

    /// <summary>Called with a camera's name and what happened there, on any thread; also where events are not sent.</summary>
    public Action<string, FaceEvent> Happened { get; init; } = (_, _) => { };

    /// <summary>Messages about what happened that were made.</summary>
    public long Told => Interlocked.Read(ref _told);

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _scenes[work.Camera.Name].See(work);
    }

    /// <summary>A camera's state changed.</summary>
    public void Follow(CameraStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.Condition is not CameraCondition.Streaming and not CameraCondition.Opening)
            _scenes[status.Camera].Forget(status.Since);
    }

    /// <summary>One camera.</summary>
    private sealed class Scene
    {
        private readonly Lock _lock = new();
        private readonly FaceWatch _watch;
        private readonly string _camera;
        private readonly Action<FaceEvent> _emit;
        private readonly Dictionary<int, FollowedFace> _faces = [];
        private readonly RateMeter _rate;
        private Summary _shown;
        private long _shownAt;
        private long _frame;
        private long _events;

        public Scene(FaceWatch watch, string camera)
        {
            (_watch, _camera, _emit) = (watch, camera, Emit);
            _rate = new RateMeter(watch._time);
        }

        public void See(FrameWork work)
        {
            lock (_lock)
            {
                _rate.Count();
                _frame = work.Sequence;
                var now = new Moment(work.CapturedAt, work.Timestamp);
                for (var i = 0; i < work.FaceCount; i++)
                {
                    var face = work.Faces[i];
                    if (!face.IsPresent)
                        continue;
                    if (!_faces.TryGetValue(face.Candidate.Id, out var followed))
                        _faces.Add(face.Candidate.Id, followed = new FollowedFace(face.Candidate.Id, now, _watch._options, _watch._time));
                    followed.See(face, now, work.Sequence, _emit);
                }

                foreach (var (id, face) in _faces) // removing while enumerating is allowed
                {
                    if (now.Since(face.LastSeen, _watch._time) < _watch._options.LeaveAfter)
                        continue;
                    face.Leave(work.Sequence, _emit);
                    _faces.Remove(id);
                }

                var summary = Summary.Of(work);
                if (summary.Count > 0 && _faces.TryGetValue(summary.Face, out var largest))
                    summary = summary with { LeftEyeOpen = largest.LeftEyeOpen, RightEyeOpen = largest.RightEyeOpen };
                if (summary != _shown && _watch._time.GetElapsedTime(_shownAt) >= s_summaryEvery)
                    Summarise(summary, work.CapturedAt);
            }
        }

        public void Forget(DateTimeOffset at)
        {
            lock (_lock)
            {
                foreach (var face in _faces.Values)
                    face.Leave(_frame, _emit);
                _faces.Clear();
                Summarise(default, at);
            }
        }

        public void Summarise(Summary summary, DateTimeOffset at)
        {
            (_shown, _shownAt) = (summary, _watch._time.GetTimestamp());
            _watch._link.SetState(
                _watch._topics.Camera(_camera).Summary,
                SummaryMessage.Of(summary, _rate.PerSecond(), at, _watch._identity, _camera).ToBytes()
            );
        }

        private void Emit(FaceEvent happened)
        {
            _watch.Happened(_camera, happened);
            if (!_watch._options.Enabled)
                return;
            Interlocked.Increment(ref _watch._told);
            var payload = EventMessage.Of(happened, ++_events, _watch._identity, _camera).ToBytes();
            _watch._link.Deliver(
                new MqttMessage(_watch._topics.Camera(_camera).Events, payload, MessageClass.Event)
                {
                    ContentType = MessageJson.ContentType,
                }
            );
        }
    }
}
