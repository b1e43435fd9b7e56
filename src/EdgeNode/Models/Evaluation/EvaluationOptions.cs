using FaceLandmark.Capture;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Postprocess;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Models.Evaluation;

/// <summary>The sections that an evaluation goes by.</summary>
/// <param name="Engines">What infers.</param>
/// <param name="Locate">How the detector is used.</param>
/// <param name="Preprocess">From regions to tensors.</param>
/// <param name="Postprocess">From fractions to faces.</param>
/// <param name="Pictures">How large pictures may be.</param>
internal sealed record EvaluationOptions(
    EnginesOptions Engines,
    LocateOptions Locate,
    PreprocessOptions Preprocess,
    PostprocessOptions Postprocess,
    PicturesOptions Pictures
);
