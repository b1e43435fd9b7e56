namespace FaceLandmark.Plots;

/// <summary>A frame's result as a recording has it.</summary>
/// <param name="At">When it came; of a film, its time in it after 1970.</param>
/// <param name="Camera">Topic of the camera, without the last level.</param>
/// <param name="Session">The start of the node.</param>
/// <param name="Sequence">Number of the frame in the session.</param>
/// <param name="Size">Width and height in pixels; 0 where they are not recorded.</param>
/// <param name="Engine">What computed it; empty where that is not recorded.</param>
/// <param name="Milliseconds">How long it took; null where that is not recorded.</param>
/// <param name="Dropped">Frames that the node dropped before it.</param>
/// <param name="Faces">The faces.</param>
internal sealed record SeenFrame(
    DateTimeOffset At,
    string Camera,
    string Session,
    long Sequence,
    (int Width, int Height) Size,
    string Engine,
    double? Milliseconds,
    long Dropped,
    IReadOnlyList<SeenFace> Faces
);
