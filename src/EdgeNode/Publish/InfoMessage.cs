using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceLandmark.Inference;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>The topic <c>info</c>: what the node is, as JSON, without secrets.</summary>
internal sealed record InfoMessage(
    string Schema,
    string Node,
    string Session,
    InfoMessage.Program Software,
    string Started,
    IReadOnlyList<InfoMessage.Engine> Engines,
    IReadOnlyList<InfoMessage.Choice> Models,
    InfoMessage.Sharing? Dispatch,
    IReadOnlyList<InfoMessage.Camera> Cameras,
    JsonElement Configuration,
    IReadOnlyDictionary<string, string> Schemas
)
{
    private static readonly Dictionary<string, string> s_schemas = new()
    {
        ["info"] = MessageSchemas.Info,
        ["stats"] = MessageSchemas.Stats,
        ["cameraState"] = MessageSchemas.CameraState,
        ["landmarks"] = MessageSchemas.Landmarks,
        ["compare"] = MessageSchemas.Compare,
        ["summary"] = MessageSchemas.Summary,
        ["event"] = MessageSchemas.Event,
        ["log"] = MessageSchemas.Log,
        ["response"] = MessageSchemas.Response,
    };

    /// <summary>The message about a node.</summary>
    public static InfoMessage Of(NodeFacts facts) =>
        new(
            MessageSchemas.Info,
            facts.Identity.Name,
            facts.Identity.Session,
            Program.Running(),
            MessageJson.ToIsoTime(facts.Identity.StartedAt),
            [.. facts.Engines.Select(Engine.Of)],
            [.. facts.Models.Select(model => new Choice(model.Name, model.Description))],
            facts.Dispatch is { } dispatch ? Sharing.Of(dispatch) : null,
            [.. facts.Cameras.Select(camera => new Camera(camera.Name, PublicText.WithoutSecrets(camera.Source)))],
            facts.Configuration,
            s_schemas
        );

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, PublishJson.Default.InfoMessage);

    /// <summary>The program, and what it runs on.</summary>
    public sealed record Program(
        string Name,
        string Version,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Commit,
        string Runtime,
        string System,
        string Architecture
    )
    {
        // The SDK appends "+commit" to the informational version when it builds within a git work tree.
        internal static Program Running()
        {
            var version =
                typeof(InfoMessage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            var plus = version.IndexOf('+', StringComparison.Ordinal);
            return new Program(
                "FaceLandmark EdgeNode",
                plus < 0 ? version : version[..plus],
                plus < 0 ? null : version[(plus + 1)..],
                RuntimeInformation.FrameworkDescription,
                RuntimeInformation.OSDescription,
                RuntimeInformation.ProcessArchitecture.ToString()
            );
        }
    }

    /// <summary>An engine, and the model it runs.</summary>
    public sealed record Engine(string Name, string Runtime, DeviceInfo Device, Weights Model)
    {
        internal static Engine Of(EngineInfo engine) =>
            new(engine.Name, engine.Runtime, engine.Device, new Weights(engine.Model.Name, engine.Model.Sha256, engine.Model.LandmarkSet));
    }

    /// <summary>The model of an engine.</summary>
    public sealed record Weights(
        string Name,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Sha256,
        string LandmarkSet
    );

    /// <summary>A model that can be switched to.</summary>
    public sealed record Choice(string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Description);

    /// <summary>How frames are shared out.</summary>
    public sealed record Sharing(
        string Mode,
        IReadOnlyList<string> InUse,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Failed
    )
    {
        internal static Sharing Of(DispatchStatus dispatch) => new(dispatch.Mode.Word(), dispatch.InUse, dispatch.Failed);
    }

    /// <summary>A camera, its source without secrets.</summary>
    public sealed record Camera(string Name, string Source);
}
