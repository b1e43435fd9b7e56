using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.Publish;

/// <summary>The topic <c>info</c>: what the node is, as JSON, without secrets.</summary>
internal static class InfoMessage
{
    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter writer, NodeFacts facts)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.Info);
        writer.WriteString("node", facts.Identity.Name);
        writer.WriteString("session", facts.Identity.Session);
        WriteSoftware(writer);
        writer.WriteTime(JsonEncodedText.Encode("started"), facts.Identity.StartedAt);
        writer.WriteStartArray("engines");
        foreach (var engine in facts.Engines)
        {
            writer.WriteStartObject();
            writer.WriteString("name", engine.Name);
            writer.WriteString("runtime", engine.Runtime);
            writer.WriteStartObject("device");
            writer.WriteString("name", engine.Device.Name);
            writer.WriteBoolean("emulated", engine.Device.Emulated);
            writer.WriteEndObject();
            writer.WriteStartObject("model");
            writer.WriteString("name", engine.Model.Name);
            writer.WriteString("sha256", engine.Model.Sha256);
            writer.WriteString("landmarkSet", engine.Model.LandmarkSet);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("models");
        foreach (var model in facts.Models)
        {
            writer.WriteStartObject();
            writer.WriteString("name", model.Name);
            writer.WriteString("description", model.Description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (facts.Dispatch is { } dispatch)
            WriteDispatch(writer, dispatch);
        writer.WriteStartArray("cameras");
        foreach (var camera in facts.Cameras)
        {
            writer.WriteStartObject();
            writer.WriteString("name", camera.Name);
            writer.WriteString("source", PublicText.WithoutSecrets(camera.Source));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("configuration");
        facts.Configuration.WriteTo(writer);
        writer.WriteStartObject("schemas");
        writer.WriteString("info", MessageSchemas.Info);
        writer.WriteString("stats", MessageSchemas.Stats);
        writer.WriteString("cameraState", MessageSchemas.CameraState);
        writer.WriteString("landmarks", MessageSchemas.Landmarks);
        writer.WriteString("compare", MessageSchemas.Compare);
        writer.WriteString("summary", MessageSchemas.Summary);
        writer.WriteString("event", MessageSchemas.Event);
        writer.WriteString("log", MessageSchemas.Log);
        writer.WriteString("response", MessageSchemas.Response);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDispatch(Utf8JsonWriter writer, DispatchStatus dispatch)
    {
        writer.WriteStartObject("dispatch");
        writer.WriteString("mode", dispatch.Mode.Word());
        writer.WriteStartArray("inUse");
        foreach (var engine in dispatch.InUse)
            writer.WriteStringValue(engine);
        writer.WriteEndArray();
        writer.WriteString("failed", dispatch.Failed);
        writer.WriteEndObject();
    }

    // The SDK appends "+commit" to the informational version when it builds within a git work tree.
    private static void WriteSoftware(Utf8JsonWriter writer)
    {
        var version =
            typeof(InfoMessage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        writer.WriteStartObject("software");
        writer.WriteString("name", "FaceLandmark EdgeNode");
        writer.WriteString("version", plus < 0 ? version : version[..plus]);
        writer.WriteString("commit", plus < 0 ? null : version[(plus + 1)..]);
        writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        writer.WriteString("system", RuntimeInformation.OSDescription);
        writer.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        writer.WriteEndObject();
    }
}
