using FaceLandmark.Postprocess;

namespace FaceLandmark.Pipeline;

/// <summary>What the blocks need to know, from the sections <c>Dispatch</c>, <c>Postprocess</c> and <c>Locate</c>.</summary>
/// <param name="Dispatch">How frames are shared out.</param>
/// <param name="Postprocess">From fractions to faces.</param>
/// <param name="MaxFaces">Faces of one frame.</param>
/// <param name="Frames">Frames let in, in all; null: no end.</param>
internal sealed record PipelineOptions(DispatchOptions Dispatch, PostprocessOptions Postprocess, int MaxFaces, long? Frames = null);
