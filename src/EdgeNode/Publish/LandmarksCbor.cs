using System.Formats.Cbor;
using FaceLandmark.Faces;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>
/// The topic <c>cameras/&lt;cam&gt;/landmarks</c> as CBOR (RFC 8949): the fields of <see cref="LandmarksMessage"/> with the same names,
/// fractions as 16 or 32 bit floats, and <c>box</c> and <c>points</c> as whole hundredths of a pixel, the points in one flat array x0 y0 x1
/// y1 ... One thread at a time.
/// </summary>
internal sealed class LandmarksCbor
{
    /// <summary>MQTT 5 content type.</summary>
    public const string ContentType = "application/cbor";

    private readonly CborWriter _writer = new(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: false);
    private byte[] _buffer = new byte[4096];

    /// <summary>Encodes one frame's result; what is returned is good until the next call.</summary>
    public ReadOnlyMemory<byte> Write(FrameWork work, string node, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(time);
        _writer.Reset();
        _writer.WriteStartMap(null);
        Text("schema", MessageSchemas.Landmarks);
        Text("node", node);
        Text("camera", work.Camera.Name);
        Text("session", work.Camera.Session);
        Whole("seq", work.Sequence);
        Text("capturedAt", MessageJson.ToIsoTime(work.CapturedAt));
        Whole("monotonicNs", (long)((Int128)work.Timestamp * 1_000_000_000 / time.TimestampFrequency));
        Key("frame").WriteStartMap(2);
        Whole("width", work.Size.Width);
        Whole("height", work.Size.Height);
        _writer.WriteEndMap();
        Text("engine", work.Engine.Name);
        Key("device").WriteStartMap(2);
        Text("name", work.Engine.Device.Name);
        Key("emulated").WriteBoolean(work.Engine.Device.Emulated);
        _writer.WriteEndMap();
        Text("model", work.Engine.Model.Name);
        Key("timing").WriteStartMap(6);
        Real("queue", work.Times.Queue);
        Real("locate", work.Times.Locate);
        Real("preprocess", work.Times.Preprocess);
        Real("inference", work.Times.Inference);
        Real("postprocess", work.Times.Postprocess);
        Real("total", work.Times.Total);
        _writer.WriteEndMap();
        Whole("dropped", work.DroppedBefore);
        Key("filtered").WriteBoolean(work.Filtered);
        if (work.Fault is not null)
            Text("fault", work.Fault);
        Key("faces").WriteStartArray(null);
        for (var i = 0; i < work.FaceCount && work.Fault is null; i++)
            if (work.Faces[i].IsPresent)
                WriteFace(work.Faces[i], work.Engine.Model.LandmarkSet);
        _writer.WriteEndArray();
        _writer.WriteEndMap();
        return Encode();
    }

    private void WriteFace(Face face, string landmarkSet)
    {
        _writer.WriteStartMap(8);
        Whole("id", face.Candidate.Id);
        Real("score", face.Score);
        Key("box").WriteStartArray(4);
        Hundredths(face.Box.X);
        Hundredths(face.Box.Y);
        Hundredths(face.Box.Width);
        Hundredths(face.Box.Height);
        _writer.WriteEndArray();
        Text("landmarkSet", landmarkSet);
        Key("points").WriteStartArray(face.Points.Length);
        foreach (var value in face.Points)
            Hundredths(value);
        _writer.WriteEndArray();
        Key("pose").WriteStartMap(3);
        Real("yaw", face.Pose.Yaw);
        Real("pitch", face.Pose.Pitch);
        Real("roll", face.Pose.Roll);
        _writer.WriteEndMap();
        Key("eyes").WriteStartMap(2);
        Real("left", face.LeftEye);
        Real("right", face.RightEye);
        _writer.WriteEndMap();
        Key("mouth").WriteStartMap(1);
        Real("open", face.Mouth);
        _writer.WriteEndMap();
        _writer.WriteEndMap();
    }

    private ReadOnlyMemory<byte> Encode()
    {
        if (_buffer.Length < _writer.BytesWritten)
            _buffer = new byte[2 * _writer.BytesWritten];
        return _buffer.AsMemory(0, _writer.Encode(_buffer));
    }

    private CborWriter Key(string name)
    {
        _writer.WriteTextString(name);
        return _writer;
    }

    private void Text(string name, string value) => Key(name).WriteTextString(value);

    private void Whole(string name, long value) => Key(name).WriteInt64(value);

    private void Real(string name, double value) => Key(name).WriteSingle((float)value);

    private void Hundredths(float value) => _writer.WriteInt64((long)Math.Round(value * 100.0));
}
