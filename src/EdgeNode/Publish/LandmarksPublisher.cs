using System.Buffers;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>Formats landmarks messages into one reused buffer and hands them to the link.</summary>
internal sealed class LandmarksPublisher : IResultPublisher, IDisposable
{
    private readonly MqttLink _link;
    private readonly MqttTopics _topics;
    private readonly int _qos;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _buffer = new(8192);
    private readonly Utf8JsonWriter _writer;
    private readonly Action _sent;
    private readonly Action _lost;
    private readonly bool _deliver;
    private readonly LandmarksCbor? _cbor;
    private long _published;
    private long _unpublished;

    /// <summary>A publisher with the quality of service that <see cref="MqttOptions.LandmarksQos"/> asks for.</summary>
    /// <param name="link">Where to.</param>
    /// <param name="topics">The node's topics.</param>
    /// <param name="options">Form and quality of service.</param>
    /// <param name="time">The clock of the frames.</param>
    /// <param name="deliver">True: through the outbox, every one of them.</param>
    public LandmarksPublisher(MqttLink link, MqttTopics topics, MqttOptions options, TimeProvider time, bool deliver = false)
    {
        _deliver = deliver;
        _cbor = options.LandmarksFormat == LandmarksFormat.Cbor ? new LandmarksCbor() : null;
        _link = link;
        _topics = topics;
        _qos = options.LandmarksQos;
        _time = time;
        _sent = () => Interlocked.Increment(ref _published);
        _lost = () => Interlocked.Increment(ref _unpublished);
        _writer = new Utf8JsonWriter(_buffer, MessageJson.WriterOptions);
    }

    /// <summary>Messages that the broker connection has taken.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Messages that were dropped.</summary>
    public long Unpublished => Interlocked.Read(ref _unpublished);

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Send(work);
        if (work.Twin is { Fault: null } twin)
            Send(twin);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Send(FrameWork work)
    {
        var payload = _cbor is null ? Json(work) : _cbor.Write(work, _topics.Node, _time);
        var contentType = _cbor is null ? MessageJson.ContentType : LandmarksCbor.ContentType;
        var topic = _topics.Camera(work.Camera.Name).Landmarks;
        var message = new MqttMessage(topic, payload, MessageClass.Landmarks) { Qos = _qos, ContentType = contentType };
        if (!_deliver)
            _link.TryEnqueue(message with { Sent = _sent, Lost = _lost });
        else if (_link.Deliver(message))
            _sent();
    }

    private ReadOnlyMemory<byte> Json(FrameWork work)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        LandmarksMessage.Write(_writer, work, _topics.Node, _time);
        _writer.Flush();
        return _buffer.WrittenMemory;
    }
}
