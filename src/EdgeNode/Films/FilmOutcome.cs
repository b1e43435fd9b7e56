namespace FaceLandmark.Films;

/// <summary>What became of a film.</summary>
/// <param name="Frames">Frames with a result.</param>
/// <param name="Faces">Faces on them, all in all.</param>
/// <param name="FramesWithFaces">Frames with at least one face.</param>
/// <param name="At">Where in the film its last frame stands.</param>
/// <param name="Fault">Why the film is not done to its end, in a sentence; null when it is.</param>
/// <param name="Remark">What is odd about the film although it is done, in a sentence; null when nothing is.</param>
internal sealed record FilmOutcome(long Frames, long Faces, long FramesWithFaces, TimeSpan At, string? Fault, string? Remark);
