using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>What a <see cref="FaceLocator"/> knows of one face it follows, or followed a moment ago.</summary>
internal sealed class FaceTrack(int id, in Detection detection, long sequence)
{
    /// <summary>Share of the newest size in the followed one: the rest damps a region that would feed on its own error.</summary>
    private const float SizeGain = 0.5f;

    /// <summary>Share of the newest step in the speed: about the last ten frames count.</summary>
    private const float SpeedGain = 0.2f;

    /// <summary>A hidden face is not expected to go on for longer than this many frames.</summary>
    private const long LongestWay = 45;

    private float _side = Math.Max(detection.Box.Width, detection.Box.Height);
    private (float X, float Y) _place = Middle(detection.Box);
    private HeadTurn _turn;
    private (float X, float Y) _speed;
    private (Box Box, long Sequence, (float X, float Y) Speed) _before = (detection.Box, sequence, default);
    private (Box Box, long Sequence)? _contact;
    private Box? _marked;

    public int Id { get; } = id;

    /// <summary>Where the face was last: by its landmarks, or by the detector before there are any.</summary>
    public Box Box { get; private set; } = detection.Box;

    /// <summary>Where the face was when the detector got the frame that it looked at last.</summary>
    public Box MarkedBox => _marked ?? Box;

    /// <summary>The frame that <see cref="Box"/> is from.</summary>
    public long BoxSequence { get; private set; } = sequence;

    /// <summary>The frame in which the detector last saw the face.</summary>
    public long SeenSequence { get; private set; } = sequence;

    /// <summary>For a face that was lost: when, by the frames' clock.</summary>
    public long LostAt { get; set; }

    /// <summary>Whether landmarks place the region. Until the first ones come the detector's box does.</summary>
    public bool HasLandmarks { get; private set; }

    /// <summary>Where the face is expected in the next frame.</summary>
    public Region Region => Region.Around(_place.X, _place.Y, _side, _turn.Degrees);

    /// <summary>
    /// True while the box overlaps another face's. Its landmarks may then be the other's, so speed and place from before count.
    /// </summary>
    public bool IsInContact
    {
        get => _contact is not null;
        set
        {
            // The newest box may have jumped over already.
            if (value && !IsInContact)
                (_contact, _speed) = ((_before.Box, _before.Sequence), _before.Speed);
            else if (!value)
                _contact = null;
        }
    }

    /// <summary>The detector gets a frame, and will be done when the face has moved on.</summary>
    public void MarkPlace() => _marked = Box;

    /// <summary>Landmarks of a frame came.</summary>
    /// <param name="box">Their box.</param>
    /// <param name="points">x0 y0 x1 y1 ...</param>
    /// <param name="sequence">The frame's number.</param>
    public void Follow(in Box box, ReadOnlySpan<float> points, long sequence)
    {
        _before = (Box, BoxSequence, _speed);
        if (!IsInContact && sequence > BoxSequence)
        {
            var (x, y) = Between(Box, box);
            var frames = sequence - BoxSequence;
            _speed = (_speed.X + (SpeedGain * ((x / frames) - _speed.X)), _speed.Y + (SpeedGain * ((y / frames) - _speed.Y)));
        }

        Box = box;
        BoxSequence = sequence;
        (_place.X, _place.Y, var side) = _turn.Place(box, points);
        _side += (HasLandmarks ? SizeGain : 1) * (side - _side);
        HasLandmarks = true;
    }

    /// <summary>The detector saw the face. <paramref name="adopt"/>: its box counts, not the one followed.</summary>
    public void Confirm(in Detection detection, long sequence, bool adopt)
    {
        SeenSequence = sequence;
        if (!adopt)
            return;
        Box = detection.Box;
        BoxSequence = sequence;
        _side = Math.Max(Box.Width, Box.Height);
        _place = Middle(Box);
        _turn = default;
        HasLandmarks = false;
    }

    /// <summary>How far a box is from where the face is expected, or from where it was last by itself; in sides of the face.</summary>
    public float Distance(in Box box, long sequence)
    {
        var (last, since) = _contact ?? (Box, BoxSequence);
        var frames = Math.Min(sequence - since, LongestWay);
        var (x, y) = Between(last, box);
        return Math.Min(Length(x, y), Length(x - (frames * _speed.X), y - (frames * _speed.Y))) / Math.Max(1, _side);
    }

    /// <summary>How far the followed box has come off the way that the face went before it met another; in sides of the face.</summary>
    public float Deviation()
    {
        if (_contact is not { } contact)
            return 0;
        var (x, y) = Between(contact.Box, Box);
        var frames = Math.Min(BoxSequence - contact.Sequence, LongestWay);
        return Length(x - (frames * _speed.X), y - (frames * _speed.Y)) / Math.Max(1, _side);
    }

    /// <summary>Whether a box may be this face by its size.</summary>
    public bool IsAsLarge(in Box box) => Math.Max(box.Width, box.Height) / Math.Max(1, _side) is > 0.6f and < 1.7f;

    private static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));

    private static (float X, float Y) Middle(in Box box) => (box.X + (box.Width / 2), box.Y + (box.Height / 2));

    /// <summary>From the middle of one box to that of another.</summary>
    private static (float X, float Y) Between(in Box from, in Box to) => (Middle(to).X - Middle(from).X, Middle(to).Y - Middle(from).Y);
}
