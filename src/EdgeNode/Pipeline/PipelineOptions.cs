namespace FaceLandmark.Pipeline;

/// <summary>What the blocks need to know, from the sections <c>Locate</c> and <c>Dispatch</c>.</summary>
/// <param name="Dispatch">How frames are shared out.</param>
/// <param name="MaxFaces">Faces of one frame.</param>
public sealed record PipelineOptions(DispatchOptions Dispatch, int MaxFaces);
