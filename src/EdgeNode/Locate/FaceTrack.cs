using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>What a <see cref="FaceLocator"/> knows of one face it follows.</summary>
internal sealed class FaceTrack(int id, in Detection detection, long sequence)
{
    /// <summary>Share of the newest size in the followed one: the rest damps a region that would feed on its own error.</summary>
    private const float SizeGain = 0.5f;

    private float _side = Math.Max(detection.Box.Width, detection.Box.Height);

    public int Id { get; } = id;

    /// <summary>Where the face was last: by its landmarks, or by the detector before there are any.</summary>
    public Box Box { get; private set; } = detection.Box;

    /// <summary>The frame that <see cref="Box"/> is from.</summary>
    public long BoxSequence { get; private set; } = sequence;

    /// <summary>The detector's score when it last saw the face.</summary>
    public float Score { get; private set; } = detection.Score;

    /// <summary>The frame in which the detector last saw the face.</summary>
    public long SeenSequence { get; private set; } = sequence;

    /// <summary>Where the face is expected in the next frame.</summary>
    public Region Region => Region.Around(new Box(Box.X + ((Box.Width - _side) / 2), Box.Y + ((Box.Height - _side) / 2), _side, _side));

    /// <summary>Landmarks of a frame came.</summary>
    public void Follow(in Box box, long sequence)
    {
        Box = box;
        BoxSequence = sequence;
        _side += SizeGain * (Math.Max(box.Width, box.Height) - _side);
    }

    /// <summary>The detector saw the face. <paramref name="adopt"/>: its box counts, not the one followed.</summary>
    public void Confirm(in Detection detection, long sequence, bool adopt)
    {
        Score = detection.Score;
        SeenSequence = sequence;
        if (!adopt)
            return;
        Box = detection.Box;
        BoxSequence = sequence;
        _side = Math.Max(Box.Width, Box.Height);
    }
}
