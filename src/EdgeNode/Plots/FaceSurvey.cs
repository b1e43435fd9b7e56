namespace FaceLandmark.Plots;

/// <summary>What a recording says of one face.</summary>
internal sealed class FaceSurvey(FaceKey key, DateTimeOffset first)
{
    private double _yaw;
    private double _pitch;
    private double _roll;

    /// <summary>Which face.</summary>
    public FaceKey Key { get; } = key;

    /// <summary>When it was first seen.</summary>
    public DateTimeOffset First { get; private set; } = first;

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset Last { get; private set; } = first;

    /// <summary>Frames that show it.</summary>
    public long Frames { get; private set; }

    /// <summary>Events by kind.</summary>
    public SortedDictionary<string, int> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>The frame that shows it best.</summary>
    public BestView Best { get; private set; }

    /// <summary>Mean direction of the head, degrees; NaN where it is not recorded.</summary>
    public (double Yaw, double Pitch, double Roll) MeanPose => (_yaw / Frames, _pitch / Frames, _roll / Frames);

    /// <summary>It was seen.</summary>
    public void See(SeenFace face, SeenFrame frame)
    {
        (First, Last) = (frame.At < First ? frame.At : First, frame.At > Last ? frame.At : Last);
        Frames++;
        (_yaw, _pitch, _roll) = (_yaw + face.Pose.Yaw, _pitch + face.Pose.Pitch, _roll + face.Pose.Roll);
        var view = BestView.Of(face, frame);
        if (view.Worth > Best.Worth)
            Best = view;
    }
}
