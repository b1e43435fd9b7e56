namespace FaceLandmark.Soak;

/// <summary>A fault that the soak makes.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When it begins, after the start.</param>
/// <param name="For">How long it lasts.</param>
/// <param name="Camera">Index of the camera that it hits; 0 for what has nothing to do with cameras.</param>
internal sealed record SoakFault(SoakFaultKind Kind, TimeSpan At, TimeSpan For, int Camera)
{
    /// <summary>When it ends, after the start.</summary>
    public TimeSpan End => At + For;
}
