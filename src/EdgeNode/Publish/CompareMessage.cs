using System.Text.Json;
using FaceLandmark.Inference;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>
/// The topic <c>compare</c>: how far two engines' landmarks for the same frame are apart, for each face and over a window. Distances
/// are pixels of the frame, and % of the distance between the outer eye corners.
/// </summary>
internal static class CompareMessage
{
    private static readonly JsonEncodedText s_capturedAt = JsonEncodedText.Encode("capturedAt");
    private static readonly JsonEncodedText s_inference = JsonEncodedText.Encode("inference");
    private static readonly JsonEncodedText s_meanPx = JsonEncodedText.Encode("meanPx");
    private static readonly JsonEncodedText s_maxPx = JsonEncodedText.Encode("maxPx");
    private static readonly JsonEncodedText s_meanPercent = JsonEncodedText.Encode("meanPercent");
    private static readonly JsonEncodedText s_maxPercent = JsonEncodedText.Encode("maxPercent");

    /// <summary>Writes one object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="work">The first engine's result, with the second one's as <see cref="FrameWork.Twin"/>.</param>
    /// <param name="window">The figures over the last faces, this frame's included.</param>
    /// <param name="node">Name of the node.</param>
    public static void Write(Utf8JsonWriter writer, FrameWork work, CompareWindow window, string node)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", MessageSchemas.Compare);
        writer.WriteString("node", node);
        writer.WriteString("camera", work.Camera.Name);
        writer.WriteString("session", work.Camera.Session);
        writer.WriteNumber("seq", work.Sequence);
        writer.WriteTime(s_capturedAt, work.CapturedAt);
        writer.WriteStartArray("engines");
        WriteEngine(writer, work.Engine, work.Times.Inference);
        WriteEngine(writer, work.Twin!.Engine, work.Twin.Times.Inference);
        writer.WriteEndArray();
        writer.WriteStartArray("faces");
        for (var i = 0; i < work.FaceCount; i++)
        {
            var face = work.Agreements[i];
            if (!double.IsFinite(face.MeanPercent))
                continue;
            writer.WriteStartObject();
            writer.WriteNumber("id", work.Faces[i].Candidate.Id);
            WriteDistances(writer, face.MeanPx, face.MaxPx, face.MeanPercent, face.MaxPercent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("window");
        writer.WriteNumber("faces", window.Faces);
        if (window.Faces > 0)
            WriteDistances(writer, window.MeanPx, window.MaxPx, window.MeanPercent, window.MaxPercent);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEngine(Utf8JsonWriter writer, EngineInfo engine, double inference)
    {
        writer.WriteStartObject();
        writer.WriteString("engine", engine.Name);
        writer.WriteStartObject("device");
        writer.WriteString("name", engine.Device.Name);
        writer.WriteBoolean("emulated", engine.Device.Emulated);
        writer.WriteEndObject();
        writer.WriteString("model", engine.Model.Name);
        writer.WriteRounded(s_inference, inference, 3);
        writer.WriteEndObject();
    }

    private static void WriteDistances(Utf8JsonWriter writer, double meanPx, double maxPx, double meanPercent, double maxPercent)
    {
        writer.WriteRounded(s_meanPx, meanPx, 4);
        writer.WriteRounded(s_maxPx, maxPx, 4);
        writer.WriteRounded(s_meanPercent, meanPercent, 4);
        writer.WriteRounded(s_maxPercent, maxPercent, 4);
    }
}
