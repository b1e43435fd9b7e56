using System.Text.Json;
using FaceLandmark.Capture;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>What a node says about itself on the topic <c>info</c>.</summary>
/// <param name="Identity">The node, and which of its starts.</param>
/// <param name="Engines">What infers, with device and model.</param>
/// <param name="Cameras">The cameras; secrets are left out when they are written.</param>
/// <param name="Configuration">All options as they apply, without secrets.</param>
internal sealed record NodeFacts(
    NodeIdentity Identity,
    IReadOnlyList<EngineInfo> Engines,
    IReadOnlyList<CameraOptions> Cameras,
    JsonElement Configuration
)
{
    /// <summary>How frames are shared out now; null before the pipeline is there.</summary>
    public DispatchStatus? Dispatch { get; init; }

    /// <summary>
    /// The models that the command <c>model</c> can put in place of the running one, which is among them if it is of the folder.
    /// </summary>
    public IReadOnlyList<ModelCard> Models { get; init; } = [];
}
