namespace FaceLandmark.Plots;

/// <summary>An event of a face as a recording has it.</summary>
/// <param name="At">When it came.</param>
/// <param name="Camera">Topic of the camera, without the last level.</param>
/// <param name="Session">The start of the node.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Face">Number of the face.</param>
/// <param name="Seconds">How long it lasted; null where that means nothing.</param>
internal readonly record struct SeenEvent(
    DateTimeOffset At,
    string Camera,
    string Session,
    string Kind,
    int Face,
    double? Seconds
);
