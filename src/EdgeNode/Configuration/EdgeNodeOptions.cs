using FaceLandmark.Capture;
using FaceLandmark.Control;
using FaceLandmark.Diagnostics;
using FaceLandmark.Events;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Mqtt;
using FaceLandmark.Onvif;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;
using FaceLandmark.Preprocess;
using FaceLandmark.Publish;
using FaceLandmark.Serving;
using FaceLandmark.Web;

namespace FaceLandmark.Configuration;

/// <summary>All options, in the order of the data path: the shape of <c>appsettings.json</c>.</summary>
internal sealed record EdgeNodeOptions
{
    /// <summary>The node itself.</summary>
    public NodeOptions Node { get; init; } = new();

    /// <summary>The cameras; empty: one, the demo.</summary>
    public IReadOnlyList<CameraOptions> Cameras { get; init; } = [];

    /// <summary>Picture files.</summary>
    public PicturesOptions Pictures { get; init; } = new();

    /// <summary>Where the faces are.</summary>
    public LocateOptions Locate { get; init; } = new();

    /// <summary>From regions to tensors.</summary>
    public PreprocessOptions Preprocess { get; init; } = new();

    /// <summary>How frames are shared out.</summary>
    public DispatchOptions Dispatch { get; init; } = new();

    /// <summary>What infers.</summary>
    public EnginesOptions Engines { get; init; } = new();

    /// <summary>What is inferred.</summary>
    public ModelsOptions Models { get; init; } = new();

    /// <summary>From fractions to faces.</summary>
    public PostprocessOptions Postprocess { get; init; } = new();

    /// <summary>The broker.</summary>
    public MqttOptions Mqtt { get; init; } = new();

    /// <summary>The pictures.</summary>
    public PreviewOptions Preview { get; init; } = new();

    /// <summary>What of the pictures may be published.</summary>
    public PrivacyOptions Privacy { get; init; } = new();

    /// <summary>What happens to faces.</summary>
    public EventsOptions Events { get; init; } = new();

    /// <summary>Messages that wait on disk.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>What may be asked over MQTT.</summary>
    public CommandsOptions Commands { get; init; } = new();

    /// <summary>Home Assistant's discovery.</summary>
    public HomeAssistantOptions HomeAssistant { get; init; } = new();

    /// <summary>Metadata as ONVIF devices publish it.</summary>
    public OnvifOptions Onvif { get; init; } = new();

    /// <summary>The live page.</summary>
    public WebOptions Web { get; init; } = new();

    /// <summary>The inference server.</summary>
    public ServeOptions Serve { get; init; } = new();

    /// <summary>Logs and figures.</summary>
    public DiagnosticsOptions Diagnostics { get; init; } = new();
}
