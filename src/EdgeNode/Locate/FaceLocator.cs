using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>
/// Follows the faces of one camera: the landmarks of the newest result place the regions of the next frame, the detector finds new
/// faces and checks the old ones. Results may come some frames late; until the first one a face keeps the detector's region. A face that
/// was lost is remembered for a moment: found again near where it was or would have gone, it keeps its number. After a cut of a film all
/// faces are new. While faces are followed, the detector may work beside the frames (<paramref name="detectorsDelay"/>), and what it finds
/// holds for a later one.
/// </summary>
/// <param name="options">How.</param>
/// <param name="detector">Shared by all cameras and not disposed here; null where <see cref="LocateMode.FullFrame"/> needs none.</param>
/// <param name="time">The clock of the frames; the system's if not given.</param>
/// <param name="detectorsDelay">How many frames later that what the detector finds in a frame holds, while faces are followed; each frame's
/// faces depend on nothing but the frames before. 0: the frame waits for it. Null, for a live camera: as soon as it is known; the detector
/// looks at a frame when that one's landmarks are on their way, in the time until the next one comes, and no frame waits for it.</param>
internal sealed class FaceLocator(LocateOptions options, IFaceDetector? detector, TimeProvider? time = null, int? detectorsDelay = 0)
    : IFaceLocator
{
    /// <summary>Detection and track are the same face above this overlap (intersection over union).</summary>
    private const float SameFace = 0.2f;

    /// <summary>Below this overlap the detector is right and the track has drifted.</summary>
    private const float Agreement = 0.4f;

    /// <summary>Two tracks above this overlap have run onto one face.</summary>
    private const float OneFace = 0.65f;

    /// <summary>
    /// A face that the detector does not see for this many of its turns has gone, even if the landmarks still look like a face.
    /// </summary>
    private const int Patience = 2;

    /// <summary>Detections looked at, best first: more faces than can be followed and some to spare.</summary>
    private const int MostDetections = 256;

    /// <summary>Two tracks above this overlap touch: landmarks of one may fall on the other's face.</summary>
    private const float Contact = 0.1f;

    /// <summary>Of two tracks on one face the one goes that came off its way, by this share of its side more than the other.</summary>
    private const float OffItsWay = 0.2f;

    /// <summary>How near a lost face must be found again, in sides of the face, and how much farther for each frame since.</summary>
    private const float Near = 0.6f;
    private const float Farther = 0.03f;

    /// <summary>While a lost face is remembered, the detector looks for it at this interval, in frames.</summary>
    private const int SearchEvery = 3;

    /// <summary>How long the number of a lost face is kept for it.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(1.5);

    /// <summary>What the detector found longer ago, because the camera stalled meanwhile, is forgotten.</summary>
    private static readonly TimeSpan s_news = TimeSpan.FromSeconds(0.5);

    /// <summary>The start that a frame's landmarks have before the detector looks at it: both want a processor.</summary>
    private static readonly TimeSpan s_start = TimeSpan.FromMilliseconds(4);

    private static readonly Task<IReadOnlyList<Detection>?> s_nothing = Task.FromResult<IReadOnlyList<Detection>?>(null);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly List<FaceTrack> _tracks = [];
    private readonly List<FaceTrack> _lostTracks = [];
    private readonly IFaceDetector? _detector =
        options.Mode == LocateMode.FullFrame
            ? null
            : detector ?? throw new ArgumentNullException(nameof(detector), $"Locate:Mode {options.Mode} needs a detector.");

    private Task<IReadOnlyList<Detection>?> _detecting = s_nothing;
    private Frame? _due;
    private long _askedAt;
    private long _askedFrame;
    private int _lastId;
    private long _detected;
    private long _now;
    private bool _lost;

    /// <inheritdoc/>
    public int Locate(Frame frame, Span<FaceCandidate> candidates)
    {
        if (_detector is null)
        {
            candidates[0] = new FaceCandidate(1, new Region(0, 0, frame.Width, frame.Height));
            return 1;
        }

        if (frame.IsStill || frame.BeginsShot)
            ForgetAll();

        // The result step need not wait for it.
        var detections = IsDetectorsTurn(frame) ? Detect(frame) : null;
        lock (_gate)
        {
            _now = frame.Timestamp;
            if (detections is not null)
                Apply(detections, frame);
            var count = Math.Min(_tracks.Count, candidates.Length);
            for (var i = 0; i < count; i++)
                candidates[i] = new FaceCandidate(_tracks[i].Id, _tracks[i].Region, IsFirstLook(_tracks[i], frame));
            return count;
        }
    }

    /// <inheritdoc/>
    public void Report(long sequence, ReadOnlySpan<Face> faces)
    {
        if (options.Mode != LocateMode.Track)
            return;
        lock (_gate)
        {
            foreach (var face in faces)
            {
                var index = IndexOf(face.Candidate.Id);
                if (index < 0 || sequence < _tracks[index].BoxSequence)
                    continue;
                if (face.IsPresent && face.Box is { Width: > 1, Height: > 1 })
                    _tracks[index].Follow(face.Box, face.Points, sequence);
                else
                    Lose(index);
            }

            FindContacts();
            DropTwins();
            if (sequence >= _due?.Sequence)
                DetectBeside(s_start);
        }
    }

    /// <summary>Waits for the detector, which belongs to who made it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _due?.Dispose();
            _due = null;
        }

        Task.WhenAny(_detecting).Wait();
    }

    /// <summary>Completes when the detector does not work beside the frames.</summary>
    internal Task Detecting => _detecting;

    /// <summary>What the detector finds, in this frame or in one a little before; null: nothing yet.</summary>
    private IReadOnlyList<Detection>? Detect(Frame frame)
    {
        if (detectorsDelay == 0 || frame.IsStill || options.Mode != LocateMode.Track)
            return _detector!.Detect(frame);
        return detectorsDelay is { } frames ? DetectForLater(frame, frames) : DetectBetween(frame);
    }

    // Which frame gets the answer does not depend on how fast the detector is: that frame waits if it must.
    private IReadOnlyList<Detection>? DetectForLater(Frame frame, int frames)
    {
        var (asked, isWanted) = (s_nothing, false);
        lock (_gate)
        {
            isWanted = _tracks.Count > 0;
            if (isWanted && _detecting == s_nothing)
            {
                Ask(frame);
                DetectBeside(TimeSpan.Zero);
                return null;
            }

            if (isWanted && frame.Sequence - _askedFrame < frames)
                return null;
            (asked, _detecting) = (_detecting, s_nothing);
        }

        var found = asked.GetAwaiter().GetResult();
        return isWanted ? found : _detector!.Detect(frame);
    }

    private IReadOnlyList<Detection>? DetectBetween(Frame frame)
    {
        lock (_gate)
        {
            if (_due is not null)
                DetectBeside(TimeSpan.Zero); // there is no result yet, and perhaps there never will be
            if (!_detecting.IsCompleted)
                return null;
            var asked = _detecting;
            _detecting = s_nothing;
            if (asked.GetAwaiter().GetResult() is { } found && _time.GetElapsedTime(_askedAt, frame.Timestamp) < s_news)
                return found;
            if (_tracks.Count > 0)
            {
                Ask(frame);
                return null;
            }
        }

        return _detector!.Detect(frame);
    }

    private void Ask(Frame frame)
    {
        foreach (var track in _tracks)
            track.MarkPlace();
        frame.Share();
        (_due, _askedAt, _askedFrame) = (frame, frame.Timestamp, frame.Sequence);
    }

    private void DetectBeside(TimeSpan after)
    {
        var (frame, start) = (_due!, Task.Delay(after, _time));
        _due = null;
        _detecting = Task.Run(async () =>
        {
            using (frame)
            {
                await start.ConfigureAwait(false);
                return (IReadOnlyList<Detection>?)_detector!.Detect(frame);
            }
        });
    }

    // With Locate:Mode Detect each region of a moving frame is the detector's, and two looks at all of them would halve the rate.
    private bool IsFirstLook(FaceTrack track, Frame frame) =>
        frame.IsStill || (options.Mode == LocateMode.Track && !track.HasLandmarks);

    private bool IsDetectorsTurn(Frame frame)
    {
        if (frame.IsStill || options.Mode == LocateMode.Detect)
            return true;
        lock (_gate)
        {
            Forget(frame.Timestamp);
            var every = _lostTracks.Count > 0 ? Math.Min(SearchEvery, options.DetectEvery) : options.DetectEvery;
            return _lost || _tracks.Count == 0 || frame.Sequence - _detected >= every;
        }
    }

    private void Apply(IReadOnlyList<Detection> detections, Frame frame)
    {
        _lost = false;
        _detected = frame.Sequence;
        Forget(frame.Timestamp);
        Span<bool> taken = stackalloc bool[Math.Min(detections.Count, MostDetections)];
        Confirm(detections, taken, frame.Sequence);
        var patience = options.Mode == LocateMode.Detect ? 1 : Patience * options.DetectEvery;
        for (var i = _tracks.Count - 1; i >= 0; i--)
        {
            if (frame.Sequence - _tracks[i].SeenSequence < patience)
                continue;
            if (options.Mode == LocateMode.Detect)
                Remember(_tracks[i]);
            _tracks.RemoveAt(i);
        }

        FindAgain(detections, taken, frame.Sequence);
        for (var i = 0; i < taken.Length && _tracks.Count < options.MaxFaces; i++)
        {
            if (!taken[i])
                _tracks.Add(new FaceTrack(++_lastId, detections[i], frame.Sequence));
        }
    }

    /// <summary>
    /// Gives detections to the tracks that they overlap, the greatest overlap first: of two faces that meet each gets its own.
    /// </summary>
    private void Confirm(IReadOnlyList<Detection> detections, Span<bool> taken, long sequence)
    {
        while (true)
        {
            var (best, track, detection) = (SameFace, -1, -1);
            for (var t = 0; t < _tracks.Count; t++)
            {
                for (var i = 0; i < taken.Length && _tracks[t].SeenSequence != sequence; i++)
                {
                    var overlap = taken[i] ? 0 : detections[i].Box.Overlap(_tracks[t].MarkedBox);
                    if (overlap > best)
                        (best, track, detection) = (overlap, t, i);
                }
            }

            if (track < 0)
                return;
            taken[detection] = true;
            _tracks[track].Confirm(detections[detection], sequence, options.Mode == LocateMode.Detect || best < Agreement);
        }
    }

    /// <summary>Gives the other detections to faces that were lost, the nearest first.</summary>
    private void FindAgain(IReadOnlyList<Detection> detections, Span<bool> taken, long sequence)
    {
        while (_lostTracks.Count > 0 && _tracks.Count < options.MaxFaces)
        {
            var (best, track, detection) = (float.MaxValue, -1, -1);
            for (var t = 0; t < _lostTracks.Count; t++)
            {
                var reach = Near + (Farther * (sequence - _lostTracks[t].BoxSequence));
                for (var i = 0; i < taken.Length; i++)
                {
                    var distance =
                        taken[i] || !_lostTracks[t].IsAsLarge(detections[i].Box)
                            ? float.MaxValue
                            : _lostTracks[t].Distance(detections[i].Box, sequence);
                    if (distance < reach && distance < best)
                        (best, track, detection) = (distance, t, i);
                }
            }

            if (track < 0)
                return;
            var found = _lostTracks[track];
            _lostTracks.RemoveAt(track);
            taken[detection] = true;
            found.IsInContact = false;
            found.Confirm(detections[detection], sequence, adopt: true);
            _tracks.Add(found);
        }
    }

    private int IndexOf(int id)
    {
        for (var i = 0; i < _tracks.Count; i++)
        {
            if (_tracks[i].Id == id)
                return i;
        }

        return -1;
    }

    private void Lose(int index)
    {
        Remember(_tracks[index]);
        _tracks.RemoveAt(index);
        _lost = true;
    }

    private void Remember(FaceTrack track)
    {
        track.LostAt = _now;
        _lostTracks.Add(track);
    }

    private void Forget(long now)
    {
        for (var i = _lostTracks.Count - 1; i >= 0; i--)
        {
            if (_time.GetElapsedTime(_lostTracks[i].LostAt, now) > s_memory)
                _lostTracks.RemoveAt(i);
        }
    }

    private void ForgetAll()
    {
        lock (_gate)
        {
            _tracks.Clear();
            _lostTracks.Clear();
        }
    }

    private void FindContacts()
    {
        for (var one = 0; one < _tracks.Count; one++)
        {
            var touches = false;
            for (var other = 0; other < _tracks.Count; other++)
                touches |= one != other && _tracks[one].Box.Overlap(_tracks[other].Box) > Contact;
            _tracks[one].IsInContact = touches;
        }
    }

    /// <summary>
    /// Of two tracks on one face the one goes that came off its way: its own face is hidden behind the other. Where neither did, the
    /// younger one goes, which is the later in the list.
    /// </summary>
    private void DropTwins()
    {
        for (var younger = _tracks.Count - 1; younger > 0; younger--)
        {
            for (var older = 0; older < younger; older++)
            {
                if (_tracks[older].Box.Overlap(_tracks[younger].Box) <= OneFace)
                    continue;
                var wrong = _tracks[older].Deviation() > _tracks[younger].Deviation() + OffItsWay ? older : younger;
                Remember(_tracks[wrong]);
                _tracks.RemoveAt(wrong);
                break;
            }
        }
    }
}
