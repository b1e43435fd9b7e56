using FaceLandmark.Capture;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Models.Evaluation;

/// <summary>The sections that an evaluation goes by.</summary>
/// <param name="Engines">What infers.</param>
/// <param name="Locate">How the detector is used.</param>
/// <param name="Postprocess">From fractions to faces.</param>
/// <param name="Pictures">How large pictures may be.</param>
internal sealed record EvaluationOptions(
    EnginesOptions Engines,
    LocateOptions Locate,
    PostprocessOptions Postprocess,
    PicturesOptions Pictures
);
