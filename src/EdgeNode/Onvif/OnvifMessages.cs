using System.Text.Json;
using FaceLandmark.Events;
using FaceLandmark.Faces;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Onvif;

/// <summary>
/// ONVIF's metadata as JSON: the frames of a scene description (ONVIF Analytics Service Specification, "JSON over MQTT") and events (ONVIF
/// Core Specification, "JSON Event Payload"), both by the rules of the Core Specification's annex "JSON payload format".
/// </summary>
internal static class OnvifMessages
{
    /// <summary>Name of the analytics module and of its configuration.</summary>
    public const string Module = "FaceLandmark";

    /// <summary>Name of the rule that tells of faces.</summary>
    public const string Rule = "Faces";

    // tt:ObjectType of the ONVIF schema.
    private const string FaceType = "HumanFace";

    // A ten-thousandth of half a picture is less than a pixel.
    private const int Decimals = 5;

    private static readonly JsonEncodedText s_frame = JsonEncodedText.Encode("Frame");
    private static readonly JsonEncodedText s_utcTimeAttribute = JsonEncodedText.Encode("@UtcTime");
    private static readonly JsonEncodedText s_sourceAttribute = JsonEncodedText.Encode("@Source");
    private static readonly JsonEncodedText s_object = JsonEncodedText.Encode("Object");
    private static readonly JsonEncodedText s_objectId = JsonEncodedText.Encode("@ObjectId");
    private static readonly JsonEncodedText s_appearance = JsonEncodedText.Encode("Appearance");
    private static readonly JsonEncodedText s_shape = JsonEncodedText.Encode("Shape");
    private static readonly JsonEncodedText s_boundingBox = JsonEncodedText.Encode("BoundingBox");
    private static readonly JsonEncodedText s_left = JsonEncodedText.Encode("@left");
    private static readonly JsonEncodedText s_top = JsonEncodedText.Encode("@top");
    private static readonly JsonEncodedText s_right = JsonEncodedText.Encode("@right");
    private static readonly JsonEncodedText s_bottom = JsonEncodedText.Encode("@bottom");
    private static readonly JsonEncodedText s_centerOfGravity = JsonEncodedText.Encode("CenterOfGravity");
    private static readonly JsonEncodedText s_x = JsonEncodedText.Encode("@x");
    private static readonly JsonEncodedText s_y = JsonEncodedText.Encode("@y");
    private static readonly JsonEncodedText s_class = JsonEncodedText.Encode("Class");
    private static readonly JsonEncodedText s_type = JsonEncodedText.Encode("Type");
    private static readonly JsonEncodedText s_likelihood = JsonEncodedText.Encode("@Likelihood");
    private static readonly JsonEncodedText s_text = JsonEncodedText.Encode("#text");
    private static readonly JsonEncodedText s_utcTime = JsonEncodedText.Encode("UtcTime");
    private static readonly JsonEncodedText s_aggregationStart = JsonEncodedText.Encode("AggregationStart");

    /// <summary>Writes a frame with the faces that are present.</summary>
    public static void WriteFrame(Utf8JsonWriter writer, FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(work);
        writer.WriteStartObject();
        writer.WriteStartArray(s_frame);
        writer.WriteStartObject();
        writer.WriteTime(s_utcTimeAttribute, work.CapturedAt);
        writer.WriteString(s_sourceAttribute, Module);
        if (work.PresentCount > 0)
        {
            writer.WriteStartArray(s_object);
            for (var i = 0; i < work.FaceCount; i++)
            {
                if (work.Faces[i].IsPresent)
                    WriteFace(writer, work.Faces[i], work.Size);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// Writes that a face appeared or left: an event of ONVIF's rule "Object Track Aggregation", the first or the last of the face.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="camera">Name of the camera.</param>
    /// <param name="happened"><c>appeared</c> or <c>left</c>.</param>
    public static void WriteEvent(Utf8JsonWriter writer, string camera, FaceEvent happened)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteTime(s_utcTime, happened.At);
        writer.WriteStartObject("Source");
        writer.WriteString("VideoSource", camera);
        writer.WriteString("AnalyticsConfiguration", Module);
        writer.WriteString("Rule", Rule);
        writer.WriteEndObject();
        writer.WriteStartObject("Data");
        // In the order of the XML (tt:ItemList): simple items, then the others.
        writer.WriteTime(s_aggregationStart, happened.Began ?? happened.At);
        writer.WriteBoolean("Final", happened.Kind == FaceEvent.Left);
        writer.WriteStartObject(s_object); // the item, and in it the element
        writer.WriteStartObject(s_object);
        writer.WriteNumber(s_objectId, happened.Face);
        writer.WriteStartObject(s_appearance);
        writer.WriteStartObject(s_class);
        writer.WriteStartArray(s_type);
        writer.WriteStringValue(FaceType);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteFace(Utf8JsonWriter writer, Face face, (int Width, int Height) size)
    {
        // -1 is the left and the lower edge of the frame, 1 the right and the upper one; parts of a face outside have no coordinates.
        var (left, right) = (X(face.Box.X), X(face.Box.X + face.Box.Width));
        var (top, bottom) = (Y(face.Box.Y), Y(face.Box.Y + face.Box.Height));
        writer.WriteStartObject();
        writer.WriteNumber(s_objectId, face.Candidate.Id);
        writer.WriteStartObject(s_appearance);
        writer.WriteStartObject(s_shape);
        writer.WriteStartObject(s_boundingBox);
        writer.WriteRounded(s_left, left, Decimals);
        writer.WriteRounded(s_top, top, Decimals);
        writer.WriteRounded(s_right, right, Decimals);
        writer.WriteRounded(s_bottom, bottom, Decimals);
        writer.WriteEndObject();
        writer.WriteStartObject(s_centerOfGravity);
        writer.WriteRounded(s_x, (left + right) / 2, Decimals);
        writer.WriteRounded(s_y, (top + bottom) / 2, Decimals);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject(s_class);
        writer.WriteStartArray(s_type);
        writer.WriteStartObject();
        writer.WriteRounded(s_likelihood, face.Score, 4);
        writer.WriteString(s_text, FaceType);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();

        double X(double x) => Math.Clamp((2 * x / size.Width) - 1, -1, 1);
        double Y(double y) => Math.Clamp(1 - (2 * y / size.Height), -1, 1);
    }
}
