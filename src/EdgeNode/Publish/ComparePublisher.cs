using System.Buffers;
using System.Text.Json;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>Formats compare messages into one reused buffer and hands them to the link.</summary>
internal sealed class ComparePublisher(MqttLink link, MqttTopics topics) : IResultPublisher, IDisposable
{
    private readonly CompareWindow _window = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(2048);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, MessageJson.WriterOptions);

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Twin is not { Fault: null })
            return;
        for (var i = 0; i < work.FaceCount; i++)
        {
            if (double.IsFinite(work.Agreements[i].MeanPercent))
                _window.Add(work.Agreements[i]);
        }

        _window.Measure();
        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
        CompareMessage.Write(_writer, work, _window, topics.Node);
        _writer.Flush();
        link.TryEnqueue(
            new MqttMessage(topics.Compare, _buffer.WrittenMemory, MessageClass.Landmarks) { ContentType = MessageJson.ContentType }
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
