using FaceLandmark.Faces;

namespace FaceLandmark.Events;

/// <summary>What is known of one face from frame to frame, and the events that follow from it.</summary>
/// <param name="id">Number of the face.</param>
/// <param name="firstSeen">When it was first seen.</param>
/// <param name="options">After how long something is an event.</param>
/// <param name="time">The clock of <see cref="Moment.Timestamp"/>: the wall clock may jump, and no blink lasts ten years.</param>
internal sealed class FollowedFace(int id, Moment firstSeen, EventsOptions options, TimeProvider time)
{
    /// <summary>Openness below which an eye counts as closed where nothing is known but one frame.</summary>
    public const float ClosedEye = 0.15f;

    /// <summary>
    /// Openness above which a mouth counts as wide open: reached by 13 of 15 mouths that people marked as open by more than half of their
    /// width, and by none of 409 that they marked as open by less than 0.35.
    /// </summary>
    public const float WideMouth = 0.5f;

    // Beyond this yaw the far eye is hidden, so that its openness says nothing.
    private const float EyesUnseenBeyond = 30;

    // Of the faces to which WFLW gives a large pose 93 % are turned further, of its others 8 %.
    private const float AwayBeyond = 35;

    // Shorter closings are noise of the points.
    private static readonly TimeSpan s_leastBlink = TimeSpan.FromSeconds(0.04);

    private readonly Moment _firstSeen = firstSeen;
    private OpenEye _left;
    private OpenEye _right;
    private Spell _eyes;
    private Spell _mouth;
    private Spell _away;

    /// <summary>When it was last seen.</summary>
    public Moment LastSeen { get; private set; } = firstSeen;

    /// <summary>Whether it was there long enough.</summary>
    public bool HasAppeared { get; private set; }

    /// <summary>Whether the eye on the picture's left was open when it was last seen.</summary>
    public bool LeftEyeOpen { get; private set; } = true;

    /// <summary>Whether the eye on the picture's right was open when it was last seen.</summary>
    public bool RightEyeOpen { get; private set; } = true;

    /// <summary>The face was seen.</summary>
    public void See(Face face, Moment at, long frame, Action<FaceEvent> emit)
    {
        var elapsed = at.Since(LastSeen, time).TotalSeconds;
        LastSeen = at;
        var seesEyes = Math.Abs(face.Pose.Yaw) < EyesUnseenBeyond;
        if (seesEyes)
            (LeftEyeOpen, RightEyeOpen) = (!_left.IsClosed(face.LeftEye, elapsed), !_right.IsClosed(face.RightEye, elapsed));
        if (!HasAppeared && at.Since(_firstSeen, time) >= options.AppearAfter)
        {
            HasAppeared = true;
            emit(new FaceEvent(FaceEvent.Appeared, _firstSeen.At, id, frame));
        }

        if (!HasAppeared)
            return;
        var closed = _eyes.Follow(seesEyes && !LeftEyeOpen && !RightEyeOpen, at, time);
        if (_eyes.Lasts(options.EyesClosedAfter, at, time))
            emit(new FaceEvent("eyesClosed", _eyes.Since.At, id, frame, at.Since(_eyes.Since, time).TotalSeconds));
        else if (seesEyes && closed is { } blink && blink >= s_leastBlink && blink < options.EyesClosedAfter)
            emit(new FaceEvent("blink", at.At, id, frame, blink.TotalSeconds));
        _mouth.Follow(face.Mouth > WideMouth, at, time);
        if (_mouth.Lasts(options.YawnAfter, at, time))
            emit(new FaceEvent("yawn", _mouth.Since.At, id, frame, at.Since(_mouth.Since, time).TotalSeconds));
        _away.Follow(Math.Abs(face.Pose.Yaw) > AwayBeyond, at, time);
        if (_away.Lasts(options.LookingAwayAfter, at, time))
            emit(new FaceEvent("lookingAway", _away.Since.At, id, frame, at.Since(_away.Since, time).TotalSeconds));
    }

    /// <summary>The face was not seen any more.</summary>
    public void Leave(long frame, Action<FaceEvent> emit)
    {
        if (HasAppeared)
            emit(new FaceEvent(FaceEvent.Left, LastSeen.At, id, frame, LastSeen.Since(_firstSeen, time).TotalSeconds, _firstSeen.At));
    }

    /// <summary>A time during which something is true.</summary>
    private struct Spell
    {
        private bool _isTrue;
        private bool _told;

        public Moment Since { get; private set; }

        /// <summary>How long it was true, when it has just ceased to be.</summary>
        public TimeSpan? Follow(bool isTrue, Moment at, TimeProvider time)
        {
            TimeSpan? lasted = _isTrue && !isTrue ? at.Since(Since, time) : null;
            if (isTrue && !_isTrue)
                (Since, _told) = (at, false);
            _isTrue = isTrue;
            return lasted;
        }

        /// <summary>Whether it has lasted so long; true once a spell.</summary>
        public bool Lasts(TimeSpan limit, Moment at, TimeProvider time)
        {
            if (!_isTrue || _told || at.Since(Since, time) < limit)
                return false;
            return _told = true;
        }
    }
}
