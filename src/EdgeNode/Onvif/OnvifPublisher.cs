using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using FaceLandmark.Events;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Onvif;

/// <summary>
/// Publishes frames and events as ONVIF devices do, on <c>PREFIX/onvif-mj/VideoAnalytics/CAMERA/FaceLandmark</c> and
/// <c>PREFIX/onvif-ej/RuleEngine/ObjectTrack/Aggregation/&amp;CAMERA/FaceLandmark/Faces</c>. Where two engines have a result for one
/// frame, the first one's.
/// </summary>
internal sealed class OnvifPublisher : IResultPublisher, IDisposable
{
    private readonly MqttLink _link;
    private readonly FrozenDictionary<string, (string Frames, string Events)> _topics;
    private readonly ArrayBufferWriter<byte> _buffer = new(2048);
    private readonly Utf8JsonWriter _writer;

    /// <summary>A publisher for all cameras.</summary>
    public OnvifPublisher(MqttLink link, MqttTopics topics, OnvifOptions options)
    {
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentNullException.ThrowIfNull(options);
        _link = link;
        var prefix = options.TopicPrefix.Length > 0 ? options.TopicPrefix : topics.Base;
        _topics = topics.Cameras.ToFrozenDictionary(
            camera => camera,
            camera =>
                (
                    $"{prefix}/onvif-mj/VideoAnalytics/{camera}/{OnvifMessages.Module}",
                    $"{prefix}/onvif-ej/RuleEngine/ObjectTrack/Aggregation/&{camera}/{OnvifMessages.Module}/{OnvifMessages.Rule}"
                )
        );
        _writer = new Utf8JsonWriter(_buffer, MessageJson.WriterOptions);
    }

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _buffer.ResetWrittenCount();
        _writer.Reset();
        OnvifMessages.WriteFrame(_writer, work);
        _writer.Flush();
        _link.TryEnqueue(
            new MqttMessage(_topics[work.Camera.Name].Frames, _buffer.WrittenMemory, MessageClass.Landmarks)
            {
                ContentType = MessageJson.ContentType,
            }
        );
    }

    /// <summary>Publishes that a face appeared or left; other events have no counterpart. Thread-safe.</summary>
    public void Tell(string camera, FaceEvent happened)
    {
        if (happened.Kind is not FaceEvent.Appeared and not FaceEvent.Left)
            return;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, MessageJson.WriterOptions))
            OnvifMessages.WriteEvent(writer, camera, happened);
        _link.Deliver(
            new MqttMessage(_topics[camera].Events, buffer.WrittenMemory, MessageClass.Event) { ContentType = MessageJson.ContentType }
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
