namespace FaceLandmark.Plots;

/// <summary>The series of one face.</summary>
/// <param name="face">The face.</param>
/// <param name="seconds">Length of the recording.</param>
/// <param name="columns">Columns of the picture.</param>
internal sealed class FaceCurves(FaceSurvey face, double seconds, int columns)
{
    /// <summary>The face.</summary>
    public FaceSurvey Face { get; } = face;

    /// <summary>Degrees.</summary>
    public MinMaxColumns Yaw { get; } = new(seconds, columns);

    /// <summary>Degrees.</summary>
    public MinMaxColumns Pitch { get; } = new(seconds, columns);

    /// <summary>Degrees.</summary>
    public MinMaxColumns Roll { get; } = new(seconds, columns);

    /// <summary>0 to 1.</summary>
    public MinMaxColumns LeftEye { get; } = new(seconds, columns);

    /// <summary>0 to 1.</summary>
    public MinMaxColumns RightEye { get; } = new(seconds, columns);

    /// <summary>0 to 1.</summary>
    public MinMaxColumns Mouth { get; } = new(seconds, columns);

    /// <summary>Adds what a frame says of it.</summary>
    public void Add(double at, SeenFace seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        Yaw.Add(at, seen.Pose.Yaw);
        Pitch.Add(at, seen.Pose.Pitch);
        Roll.Add(at, seen.Pose.Roll);
        LeftEye.Add(at, seen.LeftEye);
        RightEye.Add(at, seen.RightEye);
        Mouth.Add(at, seen.Mouth);
    }
}
