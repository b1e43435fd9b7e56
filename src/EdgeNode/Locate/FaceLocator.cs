using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>
/// Follows the faces of one camera: the landmarks of the newest result place the regions of the next frame, the detector finds new
/// faces and checks the old ones. Results may come some frames late; until the first one a face keeps the detector's region.
/// </summary>
/// <param name="options">How.</param>
/// <param name="detector">Shared by all cameras and not disposed here; null where <see cref="LocateMode.FullFrame"/> needs none.</param>
public sealed class FaceLocator(LocateOptions options, IFaceDetector? detector) : IFaceLocator
{
    /// <summary>Detection and track are the same face above this overlap (intersection over union).</summary>
    private const float SameFace = 0.2f;

    /// <summary>Below this overlap the detector is right and the track has drifted.</summary>
    private const float Agreement = 0.4f;

    /// <summary>Two tracks above this overlap have run onto one face.</summary>
    private const float OneFace = 0.65f;

    /// <summary>A face that the detector does not see for so many of its turns has gone, even if the landmarks still look like a face.</summary>
    private const int Patience = 2;

    /// <summary>Detections looked at, best first: more faces than can be followed and some to spare.</summary>
    private const int MostDetections = 256;

    private readonly Lock _gate = new();
    private readonly List<FaceTrack> _tracks = [];
    private readonly IFaceDetector? _detector = options.Mode == LocateMode.FullFrame ? null
        : detector ?? throw new ArgumentNullException(nameof(detector), $"Locate:Mode {options.Mode} needs a detector.");

    private int _lastId;
    private long _detected;
    private bool _lost;

    /// <inheritdoc/>
    public int Locate(Frame frame, Span<FaceCandidate> candidates)
    {
        if (_detector is null)
        {
            candidates[0] = new FaceCandidate(1, new Region(0, 0, frame.Width, frame.Height), 1);
            return 1;
        }

        // Only this thread detects, so the result step need not wait for it.
        var detections = IsDetectorsTurn(frame) ? _detector.Detect(frame) : null;
        lock (_gate)
        {
            if (detections is not null)
                Apply(detections, frame);
            var count = Math.Min(_tracks.Count, candidates.Length);
            for (var i = 0; i < count; i++)
                candidates[i] = new FaceCandidate(_tracks[i].Id, _tracks[i].Region, _tracks[i].Score);
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
                    _tracks[index].Follow(face.Box, sequence);
                else
                    Lose(index);
            }

            DropTwins();
        }
    }

    /// <summary>Does nothing: the detector belongs to who made it.</summary>
    public void Dispose()
    {
    }

    private bool IsDetectorsTurn(Frame frame)
    {
        if (frame.IsStill || options.Mode == LocateMode.Detect)
            return true;
        lock (_gate)
            return _lost || _tracks.Count == 0 || frame.Sequence - _detected >= options.DetectEvery;
    }

    private void Apply(IReadOnlyList<Detection> detections, Frame frame)
    {
        if (frame.IsStill)
            _tracks.Clear();
        _lost = false;
        _detected = frame.Sequence;
        Span<bool> taken = stackalloc bool[Math.Min(detections.Count, MostDetections)];
        foreach (var track in _tracks)
        {
            var best = -1;
            for (var i = 0; i < taken.Length; i++)
            {
                if (!taken[i] && detections[i].Box.Overlap(track.Box) > (best < 0 ? SameFace : detections[best].Box.Overlap(track.Box)))
                    best = i;
            }

            if (best < 0)
                continue;
            taken[best] = true;
            var adopt = options.Mode == LocateMode.Detect || detections[best].Box.Overlap(track.Box) < Agreement;
            track.Confirm(detections[best], frame.Sequence, adopt);
        }

        var patience = options.Mode == LocateMode.Detect ? 1 : Patience * options.DetectEvery;
        for (var i = _tracks.Count - 1; i >= 0; i--)
        {
            if (frame.Sequence - _tracks[i].SeenSequence >= patience)
                _tracks.RemoveAt(i);
        }

        for (var i = 0; i < taken.Length && _tracks.Count < options.MaxFaces; i++)
        {
            if (!taken[i])
                _tracks.Add(new FaceTrack(++_lastId, detections[i], frame.Sequence));
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
        _tracks.RemoveAt(index);
        _lost = true;
    }

    /// <summary>Tracks are in the order of their age: the younger of two goes.</summary>
    private void DropTwins()
    {
        for (var younger = _tracks.Count - 1; younger > 0; younger--)
        {
            for (var older = 0; older < younger; older++)
            {
                if (_tracks[older].Box.Overlap(_tracks[younger].Box) <= OneFace)
                    continue;
                _tracks.RemoveAt(younger);
                break;
            }
        }
    }
}
