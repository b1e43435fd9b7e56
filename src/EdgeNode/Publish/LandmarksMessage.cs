using System.Text.Json;
using FaceLandmark.Diagnostics;
using FaceLandmark.Faces;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/landmarks</c>: one frame's result as JSON. Lengths are pixels of the frame in steps of 0.01, times are
/// milliseconds, angles are degrees. Writing allocates nothing.
/// </summary>
internal static class LandmarksMessage
{
    private static readonly JsonEncodedText s_schema = JsonEncodedText.Encode("schema");
    private static readonly JsonEncodedText s_schemaId = JsonEncodedText.Encode(
        MessageSchemas.Landmarks,
        MessageJson.WriterOptions.Encoder
    );
    private static readonly JsonEncodedText s_node = JsonEncodedText.Encode("node");
    private static readonly JsonEncodedText s_camera = JsonEncodedText.Encode("camera");
    private static readonly JsonEncodedText s_file = JsonEncodedText.Encode("file");
    private static readonly JsonEncodedText s_session = JsonEncodedText.Encode("session");
    private static readonly JsonEncodedText s_seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText s_capturedAt = JsonEncodedText.Encode("capturedAt");
    private static readonly JsonEncodedText s_monotonicNs = JsonEncodedText.Encode("monotonicNs");
    private static readonly JsonEncodedText s_frame = JsonEncodedText.Encode("frame");
    private static readonly JsonEncodedText s_width = JsonEncodedText.Encode("width");
    private static readonly JsonEncodedText s_height = JsonEncodedText.Encode("height");
    private static readonly JsonEncodedText s_engine = JsonEncodedText.Encode("engine");
    private static readonly JsonEncodedText s_device = JsonEncodedText.Encode("device");
    private static readonly JsonEncodedText s_name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText s_emulated = JsonEncodedText.Encode("emulated");
    private static readonly JsonEncodedText s_model = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText s_timing = JsonEncodedText.Encode("timing");
    private static readonly JsonEncodedText s_queue = JsonEncodedText.Encode("queue");
    private static readonly JsonEncodedText s_locate = JsonEncodedText.Encode("locate");
    private static readonly JsonEncodedText s_preprocess = JsonEncodedText.Encode("preprocess");
    private static readonly JsonEncodedText s_inference = JsonEncodedText.Encode("inference");
    private static readonly JsonEncodedText s_postprocess = JsonEncodedText.Encode("postprocess");
    private static readonly JsonEncodedText s_total = JsonEncodedText.Encode("total");
    private static readonly JsonEncodedText s_dropped = JsonEncodedText.Encode("dropped");
    private static readonly JsonEncodedText s_filtered = JsonEncodedText.Encode("filtered");
    private static readonly JsonEncodedText s_faces = JsonEncodedText.Encode("faces");
    private static readonly JsonEncodedText s_id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText s_score = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText s_box = JsonEncodedText.Encode("box");
    private static readonly JsonEncodedText s_landmarkSet = JsonEncodedText.Encode("landmarkSet");
    private static readonly JsonEncodedText s_points = JsonEncodedText.Encode("points");
    private static readonly JsonEncodedText s_pose = JsonEncodedText.Encode("pose");
    private static readonly JsonEncodedText s_yaw = JsonEncodedText.Encode("yaw");
    private static readonly JsonEncodedText s_pitch = JsonEncodedText.Encode("pitch");
    private static readonly JsonEncodedText s_roll = JsonEncodedText.Encode("roll");
    private static readonly JsonEncodedText s_eyes = JsonEncodedText.Encode("eyes");
    private static readonly JsonEncodedText s_left = JsonEncodedText.Encode("left");
    private static readonly JsonEncodedText s_right = JsonEncodedText.Encode("right");
    private static readonly JsonEncodedText s_mouth = JsonEncodedText.Encode("mouth");
    private static readonly JsonEncodedText s_open = JsonEncodedText.Encode("open");

    /// <summary>Writes one object, with the faces that are present.</summary>
    /// <param name="writer">Where to, with <see cref="MessageJson.WriterOptions"/>; not flushed.</param>
    /// <param name="work">The result.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="time">The clock of <see cref="FrameWork.Timestamp"/>.</param>
    /// <param name="file">The picture's file, for the command line; null: no such field.</param>
    public static void Write(Utf8JsonWriter writer, FrameWork work, string node, TimeProvider time, string? file = null)
    {
        writer.WriteStartObject();
        writer.WriteString(s_schema, s_schemaId);
        writer.WriteString(s_node, node);
        writer.WriteString(s_camera, work.Camera.Name);
        if (file is not null)
            writer.WriteString(s_file, file);
        writer.WriteString(s_session, work.Camera.Session);
        writer.WriteNumber(s_seq, work.Sequence);
        writer.WriteTime(s_capturedAt, work.CapturedAt);
        writer.WriteNumber(s_monotonicNs, (long)((Int128)work.Timestamp * 1_000_000_000 / time.TimestampFrequency));
        writer.WriteStartObject(s_frame);
        writer.WriteNumber(s_width, work.Size.Width);
        writer.WriteNumber(s_height, work.Size.Height);
        writer.WriteEndObject();
        writer.WriteString(s_engine, work.Engine.Name);
        writer.WriteStartObject(s_device);
        writer.WriteString(s_name, work.Engine.Device.Name);
        writer.WriteBoolean(s_emulated, work.Engine.Device.Emulated);
        writer.WriteEndObject();
        writer.WriteString(s_model, work.Engine.Model.Name);
        WriteTiming(writer, work.Times);
        writer.WriteNumber(s_dropped, work.DroppedBefore);
        writer.WriteBoolean(s_filtered, work.Filtered);
        writer.WriteStartArray(s_faces);
        for (var i = 0; i < work.FaceCount; i++)
            if (work.Faces[i].IsPresent)
                WriteFace(writer, work.Faces[i], work.Engine.Model.LandmarkSet);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTiming(Utf8JsonWriter writer, StageTimes times)
    {
        writer.WriteStartObject(s_timing);
        writer.WriteRounded(s_queue, times.Queue, 3);
        writer.WriteRounded(s_locate, times.Locate, 3);
        writer.WriteRounded(s_preprocess, times.Preprocess, 3);
        writer.WriteRounded(s_inference, times.Inference, 3);
        writer.WriteRounded(s_postprocess, times.Postprocess, 3);
        writer.WriteRounded(s_total, times.Total, 3);
        writer.WriteEndObject();
    }

    private static void WriteFace(Utf8JsonWriter writer, Face face, string landmarkSet)
    {
        writer.WriteStartObject();
        writer.WriteNumber(s_id, face.Candidate.Id);
        writer.WriteRounded(s_score, face.Score, 4);
        writer.WriteStartArray(s_box);
        writer.WriteNumberValue(Math.Round((double)face.Box.X, 2));
        writer.WriteNumberValue(Math.Round((double)face.Box.Y, 2));
        writer.WriteNumberValue(Math.Round((double)face.Box.Width, 2));
        writer.WriteNumberValue(Math.Round((double)face.Box.Height, 2));
        writer.WriteEndArray();
        writer.WriteString(s_landmarkSet, landmarkSet);
        writer.WriteStartArray(s_points);
        for (var i = 0; i < face.Points.Length; i += 2)
            writer.WritePair(face.Points[i], face.Points[i + 1]);
        writer.WriteEndArray();
        writer.WriteStartObject(s_pose);
        writer.WriteRounded(s_yaw, face.Pose.Yaw, 2);
        writer.WriteRounded(s_pitch, face.Pose.Pitch, 2);
        writer.WriteRounded(s_roll, face.Pose.Roll, 2);
        writer.WriteEndObject();
        writer.WriteStartObject(s_eyes);
        writer.WriteRounded(s_left, face.LeftEye, 3);
        writer.WriteRounded(s_right, face.RightEye, 3);
        writer.WriteEndObject();
        writer.WriteStartObject(s_mouth);
        writer.WriteRounded(s_open, face.Mouth, 3);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
