using System.Buffers;
using System.Text.Json;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>Formats landmarks messages into one reused buffer and hands them to the link.</summary>
public sealed class LandmarksPublisher : ILandmarksPublisher, IDisposable
{
    private readonly MqttLink _link;
    private readonly MqttTopics _topics;
    private readonly int _qos;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _buffer = new(8192);
    private readonly Utf8JsonWriter _writer;
    private readonly Action _sent;
    private long _published;

    /// <summary>A publisher with the quality of service that <see cref="MqttOptions.LandmarksQos"/> asks for.</summary>
    public LandmarksPublisher(MqttLink link, MqttTopics topics, MqttOptions options, TimeProvider time)
    {
        _link = link;
        _topics = topics;
        _qos = options.LandmarksQos;
        _time = time;
        _sent = () => Interlocked.Increment(ref _published);
        _writer = new Utf8JsonWriter(_buffer, MessageJson.WriterOptions);
    }

    /// <summary>Messages that the broker connection has taken.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _buffer.ResetWrittenCount();
        _writer.Reset();
        LandmarksMessage.Write(_writer, work, _topics.Node, _time);
        _writer.Flush();
        _link.TryEnqueue(_topics.Camera(work.Camera.Name).Landmarks, _buffer.WrittenSpan, _qos, MessageJson.ContentType, sent: _sent);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
