using FaceLandmark.Postprocess;

namespace FaceLandmark.Publish;

/// <summary>What is known of one face from frame to frame, and the events that follow from it.</summary>
internal sealed class FollowedFace(int id, DateTimeOffset firstSeen, EventsOptions options)
{
    /// <summary>Openness below which an eye counts as closed.</summary>
    public const float ClosedEye = 0.15f;

    /// <summary>Openness above which a mouth counts as wide open.</summary>
    public const float WideMouth = 0.5f;

    // Beyond this yaw the far eye is hidden, so that its openness says nothing.
    private const float EyesUnseenBeyond = 30;
    private const float AwayBeyond = 35;

    // Shorter closings are noise of the points.
    private static readonly TimeSpan s_leastBlink = TimeSpan.FromSeconds(0.04);

    private readonly DateTimeOffset _firstSeen = firstSeen;
    private Spell _eyes;
    private Spell _mouth;
    private Spell _away;

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset LastSeen { get; private set; } = firstSeen;

    /// <summary>Whether it was there long enough.</summary>
    public bool HasAppeared { get; private set; }

    /// <summary>The face was seen.</summary>
    public void See(Face face, DateTimeOffset at, long frame, Action<FaceEvent> emit)
    {
        LastSeen = at;
        if (!HasAppeared && at - _firstSeen >= options.AppearAfter)
        {
            HasAppeared = true;
            emit(new FaceEvent("appeared", _firstSeen, id, frame));
        }

        if (!HasAppeared)
            return;
        var seesEyes = Math.Abs(face.Pose.Yaw) < EyesUnseenBeyond;
        var closed = _eyes.Follow(seesEyes && face.LeftEye < ClosedEye && face.RightEye < ClosedEye, at);
        if (_eyes.Lasts(options.EyesClosedAfter, at))
            emit(new FaceEvent("eyesClosed", _eyes.Since, id, frame, (at - _eyes.Since).TotalSeconds));
        else if (seesEyes && closed is { } blink && blink >= s_leastBlink && blink < options.EyesClosedAfter)
            emit(new FaceEvent("blink", at, id, frame, blink.TotalSeconds));
        _mouth.Follow(face.Mouth > WideMouth, at);
        if (_mouth.Lasts(options.YawnAfter, at))
            emit(new FaceEvent("yawn", _mouth.Since, id, frame, (at - _mouth.Since).TotalSeconds));
        _away.Follow(Math.Abs(face.Pose.Yaw) > AwayBeyond, at);
        if (_away.Lasts(options.LookingAwayAfter, at))
            emit(new FaceEvent("lookingAway", _away.Since, id, frame, (at - _away.Since).TotalSeconds));
    }

    /// <summary>The face was not seen any more.</summary>
    public void Leave(long frame, Action<FaceEvent> emit)
    {
        if (HasAppeared)
            emit(new FaceEvent("left", LastSeen, id, frame, (LastSeen - _firstSeen).TotalSeconds));
    }

    /// <summary>A time during which something is true.</summary>
    private struct Spell
    {
        private bool _isTrue;
        private bool _told;

        public DateTimeOffset Since { get; private set; }

        /// <summary>How long it was true, when it has just ceased to be.</summary>
        public TimeSpan? Follow(bool isTrue, DateTimeOffset at)
        {
            TimeSpan? lasted = _isTrue && !isTrue ? at - Since : null;
            if (isTrue && !_isTrue)
                (Since, _told) = (at, false);
            _isTrue = isTrue;
            return lasted;
        }

        /// <summary>Whether it has lasted so long; true once a spell.</summary>
        public bool Lasts(TimeSpan limit, DateTimeOffset at)
        {
            if (!_isTrue || _told || at - Since < limit)
                return false;
            return _told = true;
        }
    }
}
